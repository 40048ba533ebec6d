"""ShuffleNet has the channels and the groups of its table."""

import pytest

from analysis.arch import parse_variant, unroll
from analysis.arch.plan import Conv, Shuffle
from analysis.arch.shufflenet_v1 import TABLE_1, ShuffleNetV1


@pytest.mark.parametrize("groups", TABLE_1)
def test_shufflenet_stages_have_the_channels_of_its_table(groups):
    blocks = {block.name: block.body.shape for block in unroll(ShuffleNetV1(groups=groups)).blocks}
    ends = [blocks[name] for name in ("stage2_unit4", "stage3_unit8", "stage4_unit4")]
    assert ends == list(zip(TABLE_1[groups], (28, 14, 7), (28, 14, 7), strict=True))


def test_only_the_first_pointwise_convolution_of_stage_2_is_not_grouped():
    operations = unroll(ShuffleNetV1(groups=4)).operations
    ungrouped = [op.name for op in operations if isinstance(op, Conv) and "compress" in op.name and op.groups == 1]
    assert ungrouped == ["stage2_unit1.compress.conv"]


def test_shufflenet_for_small_images_keeps_the_sizes_that_its_axes_say():
    small = ShuffleNetV1(resolution=32, repeats=(2, 6, 6), strides=(1, 2, 2), stem_pool=False)
    shapes = [block.body.shape for block in unroll(small).blocks[:-1]]
    assert small.stride == 8
    assert shapes == [(24, 16, 16), *2 * [(240, 16, 16)], *6 * [(480, 8, 8)], *6 * [(960, 4, 4)]]
    first, second = unroll(small).blocks[1:3]
    kinds = [[type(op).__name__ for op in block.body.operations][-3:] for block in (first, second)]
    assert kinds == [["Norm", "Concat", "Activation"], ["Norm", "Add", "Activation"]]


def test_shufflenets_axes_for_small_images_leave_the_texts_of_the_others_alone():
    assert ShuffleNetV1().text == (
        "shufflenet_v1(width=1.0, groups=3, resolution=224, scale_stem=True, classes=1000, dropout=0.0)"
    )
    assert parse_variant("shufflenet_v1(stem_pool=False)").text.endswith("dropout=0.0, stem_pool=False)")


@pytest.mark.parametrize("groups", TABLE_1)
@pytest.mark.parametrize("width", [0.25, 0.5, 1.0, 1.5, 2.0])
def test_groups_divide_at_every_scale(groups, width):
    for op in unroll(ShuffleNetV1(width=width, groups=groups)).operations:
        if isinstance(op, Conv | Shuffle):
            assert op.shape[0] % op.groups == 0
