"""Modules of random variants of every family are what their Plans say: shapes, parameters, multiply-adds."""

import torch
from hypothesis import given, settings
from random_variants import variants
from torch.utils.flop_counter import FlopCounterMode

from analysis.arch import unroll
from analysis.cost import count
from analysis.nn import build


@settings(max_examples=60, deadline=None)
@given(variants)
def test_a_module_is_what_its_plan_says(variant):
    plan = unroll(variant)
    cost = count(plan)
    network = build(plan).eval()
    names = [op.name for op in plan.operations if op.shape[1:] != (1, 1)]
    with torch.no_grad():
        images = torch.randn(2, *plan.image)
        with FlopCounterMode(display=False) as counter:  # counts two a multiply-add
            network(images)
        made = network.intermediates(images, names)
    assert counter.get_total_flops() == 2 * 2 * cost.madds
    assert sum(p.numel() for p in network.parameters()) == cost.params
    assert {name: tuple(made[name].shape[1:]) for name in names} == {name: plan.shapes[name] for name in names}


@settings(max_examples=10, deadline=None)
@given(variants)
def test_every_parameter_gets_a_gradient(variant):
    network = build(unroll(variant))
    outputs = network(torch.randn(3, *network.plan.image))
    losses = [out.square().sum() for out in (outputs if isinstance(outputs, tuple) else (outputs,))]
    torch.stack(losses).sum().backward()
    assert [name for name, p in network.named_parameters() if p.grad is None] == []
