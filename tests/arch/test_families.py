"""Every family unrolls to the counts that its paper publishes, has one text, and names what it does not know."""

import pytest

from analysis.arch import FAMILIES, label, parse_variant, unroll
from analysis.arch.deeplab import DeepLabV3
from analysis.arch.mobilenet_v1 import MobileNetV1
from analysis.arch.mobilenet_v2 import MobileNetV2
from analysis.arch.shufflenet_v1 import ShuffleNetV1
from analysis.arch.ssd import SSD
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


@pytest.mark.parametrize("name", FAMILIES)
def test_text_reads_back_and_label_is_short(name):
    variant = FAMILIES[name]()
    assert parse_variant(variant.text) == variant
    assert parse_variant(name) == variant
    assert label(variant) in (name, "imagenet", f"{name} backbone=(imagenet resolution=320)")
    assert count(unroll(variant)) != Cost()


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
