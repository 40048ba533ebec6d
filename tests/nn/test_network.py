"""The module of a Plan computes the Plan: counts, shapes, gradients, over the whole space of axes."""

from itertools import product

import pytest
import torch
from torch.utils.flop_counter import FlopCounterMode

from analysis.arch import preset, unroll
from analysis.arch.mobilenet_v2 import ACTIVATIONS, LAST_WIDTHS, PROJECTIONS, SHORTCUTS
from analysis.cost import count
from analysis.nn import build, initialise
from analysis.problem import Problem

AXES = {
    "block": {
        "projection": PROJECTIONS,
        "shortcut": SHORTCUTS,
        "activation": ACTIVATIONS,
        "expansion": (0.5, 1, 6),
    },
    "scale": {
        "width": (0.35, 1.0, 1.4),
        "rounding": (8, 1, "truncate"),
        "last_width": LAST_WIDTHS,
        "kernel": (3, 5),
        "expansion": (0, 6),
    },
}

SPACES = {
    name: [dict(zip(axes, values, strict=True)) for values in product(*axes.values())] for name, axes in AXES.items()
}

PART = 36  # combinations a test, so that two processes share them
ROWS = ((None, 8, 2, 1), (None, 16, 2, 2))  # every kind of block that the rows of brief have, fewer times


def test_the_space_is_as_large_as_its_axes_say():
    assert {name: len(space) for name, space in SPACES.items()} == {"block": 240, "scale": 108}


@pytest.mark.parametrize(("axes", "start"), [(name, i) for name in SPACES for i in range(0, len(SPACES[name]), PART)])
def test_the_module_is_what_the_plan_says(axes, start):
    """One contract over every combination of axes: counts by torch's own counter, finite scores, a gradient for all."""
    for combination in SPACES[axes][start : start + PART]:
        plan = unroll(preset("brief", resolution=8, rows=ROWS, **combination))
        cost = count(plan)
        network = build(plan)
        initialise(network, seed=0)
        images = torch.randn(4, *plan.image, generator=torch.Generator().manual_seed(0))
        with FlopCounterMode(display=False) as counter:  # counts two a multiply-add
            scores = network(images)
        assert counter.get_total_flops() == 2 * 4 * cost.madds, combination
        assert sum(p.numel() for p in network.parameters()) == cost.params, combination
        statistics = sum(b.numel() for name, b in network.named_buffers() if "running" in name)
        assert statistics == cost.norm_statistics, combination
        assert scores.shape == (4, 10) and scores.isfinite().all(), combination
        torch.nn.functional.cross_entropy(scores, torch.arange(4)).backward()
        idle = [name for name, p in network.named_parameters() if p.grad is None or not p.grad.isfinite().all()]
        assert not idle, combination


def test_intermediates_have_the_shapes_of_the_plan():
    plan = unroll(preset("brief", shortcut="expansion"))
    network = build(plan).eval()
    names = [name for name in plan.shapes if name not in ("image", "head.linear")]
    with torch.no_grad():
        tensors = network.intermediates(torch.randn(2, *plan.image), names)
    assert {name: tuple(t.shape[1:]) for name, t in tensors.items() if name in names} == {
        n: plan.shapes[n] for n in names
    }
    with pytest.raises(Problem, match="did you mean 'bottleneck2.expand.conv'"):
        network.intermediates(torch.randn(2, *plan.image), ["bottleneck2.expnd.conv"])


def test_expansion_zero_passes_its_input_through():
    plan = unroll(preset("brief", expansion=0))
    network = build(plan)
    tensors = network.intermediates(
        torch.randn(2, *plan.image), ["bottleneck1.project.norm", plan.blocks[3].binding["x"]]
    )
    assert plan.blocks[3].binding["x"] == "bottleneck1.project.norm"
    assert len(tensors) == 1
