"""Counts add up."""

import pytest

from analysis.arch import FAMILIES, parse_variant, preset, unroll
from analysis.cost import (
    count,
    operation_cost,
    operation_training,
    repeated,
    total,
    training,
)

VARIANTS = [
    *FAMILIES,
    "mobilenet_v2(projection='relu6_after_addition', shortcut='expansion')",
    "mobilenet_v2(shortcut='expansion_after_depthwise', expansion=0.5, activation='hard_swish')",
    "mobilenet_v2(expansion=0, features=(1, 3))",
    "ssd(lite=True, backbone=mobilenet_v1(resolution=320, width=0.5))",
]


@pytest.mark.parametrize("text", VARIANTS)
def test_operations_sum_to_the_network(text):
    plan = unroll(parse_variant(text))
    assert total([operation_cost(op) for op in plan.operations]) == count(plan)
    assert sum(training(plan)) == sum(operation_training(op).total for op in plan.operations)


def test_several_passes_add_up_but_for_parameters():
    once = count(unroll(preset("brief")))
    twice = repeated([once, once])
    assert (twice.madds, twice.norm, twice.elements) == (2 * once.madds, 2 * once.norm, 2 * once.elements)
    assert (twice.params, twice.norm_statistics) == (once.params, once.norm_statistics)
