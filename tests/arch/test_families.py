"""Every family unrolls to the sizes and the counts that its paper or the authors' release gives."""

from dataclasses import dataclass, field

import pytest

from analysis.arch import FAMILIES, label, parse_variant, unroll
from analysis.arch.deeplab import DeepLabV3, passes
from analysis.arch.mobilenet_v1 import MobileNetV1, Plain
from analysis.arch.mobilenet_v2 import MobileNetV2
from analysis.arch.plan import Conv, Shuffle
from analysis.arch.shufflenet_v1 import TABLE_1, ShuffleNetV1
from analysis.arch.ssd import SSD
from analysis.arch.text import LATER, from_text, to_text
from analysis.cost import Cost, count
from analysis.problem import Problem

V2_AT_320, V1_AT_320 = MobileNetV2(resolution=320), MobileNetV1(resolution=320)
V2_AT_513, V1_AT_513 = MobileNetV2(resolution=513), MobileNetV1(resolution=513)


@pytest.mark.parametrize(
    ("variant", "madds_m", "params_m"),
    [
        (MobileNetV1(), 569, 4.2),  # arXiv:1704.04861, Tables 4 and 8
        (MobileNetV1(width=0.5, resolution=160), 77, 1.3),
        (ShuffleNetV1(groups=1), 143, None),  # arXiv:1707.01083, Table 1
        (ShuffleNetV1(groups=3), 137, None),
        (ShuffleNetV1(width=1.5, scale_stem=False), 292, 3.4),  # arXiv:1801.04381, Table 4
        (ShuffleNetV1(width=2.0), 524, 5.5),
        (SSD(V1_AT_320, lite=True), 1309, 5.1),  # arXiv:1801.04381, Table 6: 1.3 B
        (SSD(V2_AT_320, lite=True), 789, 4.3),
        (DeepLabV3(V2_AT_513, aspp=False), 2741, 2.1),  # arXiv:1801.04381, Table 7: 2.75 B, see the audit
    ],
)
def test_published_counts(variant, madds_m, params_m):
    cost = count(unroll(variant))
    assert round(cost.madds / 1e6) == madds_m
    assert params_m is None or round(cost.params / 1e6, 1) == params_m


def test_full_convolutions_cost_what_table_4_of_mobilenet_v1_says():
    plain, separable = count(unroll(Plain())), count(unroll(MobileNetV1()))
    assert (plain.madds // 10**6, round(plain.params / 1e6, 1)) == (4867, 29.3)
    assert (separable.madds // 10**6, round(separable.params / 1e6, 1)) == (568, 4.2)


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


def test_detector_reads_the_maps_of_the_appendix():
    plan = unroll(SSD(V2_AT_320))
    boxes = [block for block in plan.blocks if block.name.startswith("boxes")]
    assert boxes[0].binding["x"] == "bottleneck14.expand.activation"
    assert [block.body.inputs["x"] for block in boxes] == [
        (576, 20, 20),
        (1280, 10, 10),
        (512, 5, 5),
        (256, 3, 3),
        (256, 2, 2),
        (128, 1, 1),
    ]
    assert [block.body.shape[0] for block in boxes] == [12, 24, 24, 24, 24, 24]
    plan = unroll(SSD(V1_AT_320))
    assert plan.shapes[plan.blocks[-12].binding["x"]] == (512, 20, 20)
    assert len(plan.outputs) == 12


@pytest.mark.parametrize(("lite", "params_m"), [(False, 14.8), (True, 2.1)])
def test_head_of_table_5(lite, params_m):
    whole = count(unroll(SSD(V2_AT_320, lite=lite)))
    backbone = count(unroll(MobileNetV2(resolution=320, features=(6,))))
    assert round((whole.params - backbone.params) / 1e6, 1) == params_m


@pytest.mark.parametrize(("output_stride", "side", "rates"), [(16, 33, (6, 12, 18)), (8, 65, (12, 24, 36))])
def test_segmentation_keeps_the_map_and_dilates(output_stride, side, rates):
    plan = unroll(DeepLabV3(V2_AT_513, output_stride))
    assert plan.blocks[-1].body.inputs["x"] == (320, side, side)
    assert plan.shapes["head.resize"] == (21, 513, 513)
    dilations = {op.name: op.dilation for op in plan.operations if isinstance(op, Conv) and op.dilation > 1}
    assert dilations["bottleneck15.depthwise.conv"] == 16 // output_stride * 2
    assert [dilations[f"head.atrous{rate}.conv"] for rate in rates] == list(rates)
    assert "bottleneck14.depthwise.conv" not in dilations or output_stride == 8


def test_multi_scale_evaluation_is_twelve_passes():
    sizes = [v.size[0] for v in passes(DeepLabV3(V2_AT_513, 8, aspp=False))]
    assert sizes == [257, 257, 385, 385, 513, 513, 641, 641, 769, 769, 897, 897]


@pytest.mark.parametrize("name", FAMILIES)
def test_text_reads_back_and_label_is_short(name):
    variant = FAMILIES[name]()
    assert parse_variant(variant.text) == variant
    assert parse_variant(name) == variant
    assert label(variant) in (name, "imagenet", f"{name} backbone=(imagenet resolution=320)")
    assert count(unroll(variant)) != Cost()


def test_a_head_names_its_backbone():
    variant = parse_variant("ssd(lite=True, backbone=mobilenet_v1(width=0.5, resolution=320))")
    assert variant == SSD(MobileNetV1(width=0.5, resolution=320), lite=True)
    assert label(variant) == "ssd backbone=(mobilenet_v1 width=0.5 resolution=320) lite=True"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("shufflenet_v1(groups=5)", "known are 1, 2, 3, 4, 8"),
        ("shufflenet_v1(strides=(2, 2))", "not of the form (stage 2, stage 3, stage 4)"),
        ("shufflenet_v1(repeats=(1, 0, 1))", "stage 3 0 is not a whole number of at least 1"),
        ("shufflenet_v1(stem_pool=2)", "known are True, False"),
        ("deeplab_v3(output_stride=4)", "known are 8, 16"),
        ("deeplab_v3(backbone=shufflenet_v1())", "none of MobileNetV1, MobileNetV2"),
        ("ssd(backbone=mobilenet_v2(features=(1,)))", "the head chooses its maps"),
        ("ssd(anchors=(3,))", "not one number for each of 6 maps"),
        ("mobilenet_v1(rows=((64,),))", "(channels, stride)"),
        ("plain(width=-1)", "width -1 is not a number above 0"),
    ],
)
def test_unknown_values_are_named(text, message):
    with pytest.raises(Problem) as caught:
        parse_variant(text)
    assert message in str(caught.value)


@pytest.mark.parametrize("text", ["ssd(backbone=mobilenet_v1(resolution=300))", "shufflenet_v1(resolution=100)"])
def test_a_resolution_that_the_strides_do_not_allow_is_refused(text):
    with pytest.raises(Problem, match="is not a multiple of the total stride 32"):
        unroll(parse_variant(text))


def test_a_later_axis_is_stated_only_where_it_differs_so_that_old_texts_stay():
    @dataclass(frozen=True)
    class Before:
        width: float = 1.0

    @dataclass(frozen=True)
    class After:
        width: float = 1.0
        gate: str = field(default="none", metadata=LATER)

    assert to_text("net", After()) == to_text("net", Before()) == "net(width=1.0)"
    assert to_text("net", After(gate="hard")) == "net(width=1.0, gate='hard')"
    for variant in (After(), After(2.0, "hard")):
        assert from_text(to_text("net", variant), {"net": After}, "net") == variant
