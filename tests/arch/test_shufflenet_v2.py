"""ShuffleNet v2 has the published counts, and its units halve and join as figure 3 shows."""

from dataclasses import replace

import pytest

from analysis.arch import parse_variant, unroll
from analysis.arch.plan import Concat, Slice
from analysis.arch.shufflenet_v2 import TABLE_5, ShuffleNetV2, sized, unit
from analysis.cost import count
from analysis.problem import Problem

# `num_params` and `_ops` of the weights in torchvision (models/shufflenetv2.py).
PUBLISHED = {0.5: (1_366_792, "0.04"), 1.0: (2_278_604, "0.145"), 1.5: (3_503_624, "0.296"), 2.0: (7_393_996, "0.583")}


@pytest.mark.parametrize("factor", TABLE_5)
def test_counts_are_those_published(factor):
    cost, (params, billions) = count(unroll(sized(factor))), PUBLISHED[factor]
    assert (cost.params, f"{cost.madds / 1e9:.{len(billions) - 2}f}") == (params, billions)


def test_a_unit_leaves_half_of_its_input_alone():
    body = unit((16, 8, 8), 16, 1)
    halves = {op.name: (op.first, op.shape) for op in body.operations if isinstance(op, Slice)}
    assert halves == {"kept": (0, (8, 8, 8)), "changed": (8, (8, 8, 8))}
    (joined,) = [op for op in body.operations if isinstance(op, Concat)]
    assert joined.inputs == ("kept", "expand.activation")


@pytest.mark.parametrize(("channels", "stride"), [(32, 2), (32, 1), (16, 2)])
def test_where_the_shape_changes_both_branches_read_all_of_it(channels, stride):
    body = unit((16, 8, 8), channels, stride)
    assert not any(isinstance(op, Slice) for op in body.operations)
    assert body.shape == (channels, 8 // stride, 8 // stride)
    readers = [op.name for op in body.operations if "x" in op.inputs]
    assert readers == ["kept_depthwise.conv", "compress.conv"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("shufflenet_v2(channels=(115, 232, 464))", "are not even"),
        ("shufflenet_v2(channels=(116, 232))", "not of the form (stage 2, stage 3, stage 4)"),
        ("shufflenet_v2(resolution=100)", "not a multiple of the total stride 32"),
        ("shufflenet_v2(stem_pool=2)", "known are True, False"),
    ],
)
def test_wrong_values_are_one_clear_line(text, message):
    with pytest.raises(Problem) as caught:
        unroll(parse_variant(text))
    assert message in str(caught.value)


def test_an_unknown_factor_is_named():
    with pytest.raises(Problem, match=r"known are 0\.5, 1\.0, 1\.5, 2\.0"):
        sized(3.0)


def test_every_width_of_its_steps_is_another_network():
    steps = ShuffleNetV2().width_steps()
    below, at = (count(unroll(replace(ShuffleNetV2(), width=next(steps)))).params for _ in range(2))
    assert below < at
