"""Bytes under each schedule, and that the best order never needs more."""

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from random_variants import variants

from analysis.arch import parse_variant, preset, unroll
from analysis.cost.memory import least_memory, memory
from analysis.cost.splitting import inner_channels, splittable
from analysis.problem import Problem


@pytest.mark.parametrize("schedule", ["eager", "folded", "block"])
@pytest.mark.parametrize(
    "text",
    [
        preset("brief", shortcut="expansion").text,
        preset("imagenet").text,
        "shufflenet_v1(width=0.5)",
        "mobilenet_v1()",
        "ssd(backbone=mobilenet_v2(resolution=320))",
        "deeplab_v3(backbone=mobilenet_v2(resolution=513))",
    ],
)
def test_the_best_order_is_never_worse_than_the_plans_own(text, schedule):
    plan = unroll(parse_variant(text))
    assert 0 < least_memory(plan, schedule).peak.bytes <= memory(plan, schedule).peak.bytes


@settings(max_examples=30)
@given(variants, st.sampled_from(["eager", "folded", "block", "split"]), st.integers(1, 4))
def test_the_best_order_of_a_random_variant_is_never_worse_than_its_own(variant, schedule, ways):
    plan = unroll(variant)
    if schedule == "split":
        assume(all(ways <= inner_channels(block.body) for block in splittable(plan)) and splittable(plan))
    assert 0 < least_memory(plan, schedule, ways=ways).peak.bytes <= memory(plan, schedule, ways=ways).peak.bytes


def test_bytes_follow_from_the_elements():
    plan = unroll(preset("imagenet"))
    eager = memory(plan)
    # Section 5.1: the largest sum of input and output. Here it is at the norm of the second block, 96 channels of
    # 112 x 112, plus the image that the caller holds and the block's input that the loop holds.
    assert eager.peak.name == "bottleneck2.expand.norm"
    assert eager.peak.bytes == 4 * (2 * 96 * 112 * 112 + 16 * 112 * 112 + 3 * 224 * 224)
    assert memory(plan, bits=8).peak.bytes * 4 == eager.peak.bytes == memory(plan, batch=3).peak.bytes // 3
    assert memory(plan, "split", ways=4).peak.bytes < memory(plan, "folded").peak.bytes
    assert memory(plan, "block").peak.bytes < memory(plan, "split", ways=4).peak.bytes


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"schedule": "lazy"}, "unknown schedule 'lazy'"),
        ({"bits": 7}, "elements of 7 bits"),
        ({"batch": 0}, "batch 0"),
        ({"schedule": "split", "ways": 1000}, "not 1000"),
        ({"schedule": "split", "ways": 0}, "not 0"),
    ],
)
def test_mistakes_are_problems(changes, message):
    with pytest.raises(Problem, match=message):
        memory(unroll(preset("brief")), **changes)
    with pytest.raises(Problem, match="no order of execution helps training"):
        least_memory(unroll(preset("brief")), "training")
    with pytest.raises(Problem, match="no block of this network splits"):
        memory(unroll(parse_variant("mobilenet_v1()")), "split")
