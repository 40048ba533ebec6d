"""Counts add up, respect groups in training, and follow each tool's convention."""

import pytest
import torch
from torch.utils.flop_counter import FlopCounterMode

from analysis.arch import FAMILIES, parse_variant, preset, unroll
from analysis.arch.plan import Conv
from analysis.cost import (
    CONVENTIONS,
    count,
    items,
    operation_cost,
    operation_training,
    printed,
    repeated,
    total,
    training,
)
from analysis.nn import build
from analysis.problem import Problem

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


def test_only_the_image_needs_no_gradient():
    plan = unroll(preset("imagenet"))
    step, stem = training(plan), operation_cost(plan.operations[0]).madds
    assert step.forward == step.weight_gradient == count(plan).madds
    assert step.input_gradient == step.forward - stem
    assert step.backward == step.weight_gradient + step.input_gradient


@pytest.mark.parametrize("text", ["plain(resolution=32, width=0.25)", "mobilenet_v2(resolution=32, width=0.35)"])
def test_training_is_what_torch_counts_but_for_groups(text):
    """torch's counter counts a grouped convolution's weight gradient as a full one's, `groups` times too much."""
    plan = unroll(parse_variant(text))
    with FlopCounterMode(display=False) as counter:
        build(plan)(torch.randn(2, *plan.image)).sum().backward()
    too_much = sum((op.groups - 1) * operation_cost(op).madds for op in plan.operations if isinstance(op, Conv))
    assert counter.get_total_flops() == 2 * 2 * (training(plan).total + too_much)


def test_several_passes_add_up_but_for_parameters():
    once = count(unroll(preset("brief")))
    twice = repeated([once, once])
    assert (twice.madds, twice.norm, twice.elements) == (2 * once.madds, 2 * once.norm, 2 * once.elements)
    assert (twice.params, twice.norm_statistics) == (once.params, once.norm_statistics)


@pytest.mark.parametrize("convention", CONVENTIONS)
def test_a_convention_starts_from_the_multiply_adds(convention):
    plan = unroll(preset("brief"))
    explained = items(plan, convention)
    assert explained[0] == ("multiply-adds", count(plan).madds)
    assert printed(plan, convention) == sum(item.count for item in explained)
    assert (len(explained) == 1) == (convention == "paper")


def test_an_unknown_convention_is_refused():
    with pytest.raises(Problem, match="did you mean 'fvcore'"):
        printed(unroll(preset("brief")), "fvcor")
