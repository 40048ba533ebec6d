"""A training step costs what its gradients cost, groups included."""

import pytest
import torch
from torch.utils.flop_counter import FlopCounterMode

from analysis.arch import parse_variant, preset, unroll
from analysis.arch.plan import Conv
from analysis.cost import (
    count,
    operation_cost,
    training,
)
from analysis.nn import build


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
