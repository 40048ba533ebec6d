"""Segmentation keeps the map, dilates, and evaluates in twelve passes."""

import pytest

from analysis.arch import unroll
from analysis.arch.deeplab import DeepLabV3, passes
from analysis.arch.mobilenet_v1 import MobileNetV1
from analysis.arch.mobilenet_v2 import MobileNetV2
from analysis.arch.plan import Conv

V2_AT_513, V1_AT_513 = MobileNetV2(resolution=513), MobileNetV1(resolution=513)


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
