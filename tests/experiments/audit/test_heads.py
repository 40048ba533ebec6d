"""Detectors and segmentation networks: Tables 5 to 7 and the released checkpoints."""

import pytest

from analysis.arch import unroll
from analysis.arch.deeplab import SCALES, DeepLabV3
from analysis.arch.mobilenet_v2 import MobileNetV2
from analysis.cost import count
from analysis.reference import claims, table
from experiments.audit import audit
from experiments.audit.heads import TABLE_7, evaluation, table6, table7, unroll_with_rates, zoo


@pytest.mark.parametrize(
    ("key", "explanation"),
    [
        ("table5-SSDLite-madds", "a multiply-add counted as 2"),
        ("table7-MNet-V2-stride-8-ASPP-multi-scale-madds", "atrous convolutions padded"),
    ],
)
def test_known_differences_are_found_and_explained(key, explanation):
    row = {row.id: row for row in audit()}[key]
    assert row.verdict == "differs"
    assert explanation in row.explanation


def test_table_6_follows_and_the_text_understates_its_ratios():
    """To one tolerance for every whole ratio, 5 %. claims.yaml has the ratios."""
    off = {row.id: row for row in table6() if row.verdict == "differs"}
    assert set(off) == {"ssdlite-networks-cheaper", "ssdlite-networks-smaller"}
    said = " and ".join(f"{row.computed:.1f}" for row in off.values())
    assert claims()["ssdlite-networks"]["scope"].endswith(f"understates its two ratios: {said}")


def test_table_7_has_two_numbers_of_each_network_with_a_plan():
    printed = [row for row in table("table7_segmentation") if row["network"] in TABLE_7]
    assert {row["network"] for row in table("table7_segmentation")} - set(TABLE_7) == {"ResNet-101"}
    assert len(list(table7())) == 2 * len(printed)


def test_a_checkpoint_of_the_zoo_is_on_voc_or_cityscapes():
    assert [row.quantity for row in zoo()] == [
        "VOC stride 16: MAdds (B)",
        "VOC stride 8 multi-scale: MAdds (B)",
        "Cityscapes stride 16: MAdds (B)",
        "Cityscapes stride 8 multi-scale: MAdds (B)",
    ]


@pytest.mark.parametrize("aspp", [True, False])
def test_other_rates_change_no_shape_and_no_count(aspp):
    variant = DeepLabV3(MobileNetV2(resolution=65), 8, aspp)
    plan, other = unroll(variant), unroll_with_rates(variant, 16)
    assert list(other.shapes.values()) == list(plan.shapes.values())
    assert count(other).madds == count(plan).madds


def test_many_scales_are_two_passes_each():
    assert len(evaluation(DeepLabV3(MobileNetV2(resolution=65)), many=True)) == 2 * len(SCALES)
    assert len(evaluation(DeepLabV3(MobileNetV2(resolution=65)), many=False)) == 1
