"""One-sided padding: another text, the same shapes and counts, and zeros where TensorFlow has them."""

from dataclasses import replace

import pytest

from analysis.arch import parse_variant, preset, unroll
from analysis.arch.deeplab import DeepLabV3
from analysis.arch.mobilenet_v2 import MobileNetV2
from analysis.arch.plan import Conv
from analysis.arch.ssd import SSD
from analysis.cost import count
from analysis.problem import Problem


@pytest.mark.parametrize("head", [None, SSD, DeepLabV3])
def test_only_strided_kernels_change_and_nothing_costs_more(head):
    made = [MobileNetV2(resolution=64, padding=padding) for padding in ("symmetric", "one_sided")]
    plans = [unroll(head(each) if head else each) for each in made]
    assert count(plans[0]) == count(plans[1]) and plans[0].shapes == plans[1].shapes
    pairs = [(a, b) for a, b in zip(*(plan.operations for plan in plans), strict=True) if a != b]
    strided = [op for op in plans[0].operations if isinstance(op, Conv) and op.stride > 1 and op.kernel > 1]
    assert [a for a, _ in pairs] == strided and strided
    assert [b for _, b in pairs] == [op._replace(one_sided=True) for op in strided]


def test_the_text_states_it_only_where_it_is_chosen():
    plain, chosen = MobileNetV2(), MobileNetV2(padding="one_sided")
    assert "padding" not in plain.text and chosen.text.endswith("padding='one_sided')")
    assert parse_variant(chosen.text) == chosen and replace(chosen, padding="symmetric") == plain
    with pytest.raises(Problem, match="padding"):
        preset("imagenet", padding="same")


def test_equal_blocks_still_share_one_body():
    plan = unroll(MobileNetV2(padding="one_sided"))
    bodies = {block.name: block.body for block in plan.blocks}
    assert bodies["bottleneck8"] is bodies["bottleneck9"]
    assert bodies["bottleneck8"] is {b.name: b.body for b in unroll(MobileNetV2()).blocks}["bottleneck8"]
