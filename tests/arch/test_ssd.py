"""The detector reads the maps of the appendix and names its backbone."""

import pytest

from analysis.arch import label, parse_variant, unroll
from analysis.arch.mobilenet_v1 import MobileNetV1
from analysis.arch.mobilenet_v2 import MobileNetV2
from analysis.arch.ssd import SSD
from analysis.cost import count

V2_AT_320, V1_AT_320 = MobileNetV2(resolution=320), MobileNetV1(resolution=320)


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


def test_a_head_names_its_backbone():
    variant = parse_variant("ssd(lite=True, backbone=mobilenet_v1(width=0.5, resolution=320))")
    assert variant == SSD(MobileNetV1(width=0.5, resolution=320), lite=True)
    assert label(variant) == "ssd backbone=(mobilenet_v1 width=0.5 resolution=320) lite=True"
