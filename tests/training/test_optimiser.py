"""The optimiser and the schedule that a recipe describes."""

import math
import warnings

import pytest
import torch
from torch import nn
from torch.optim import SGD
from torch.optim.lr_scheduler import OneCycleLR

from analysis.arch import preset, unroll
from analysis.nn import build
from analysis.tasks.classification.recipe import Recipe
from analysis.training.optimiser import descent, parameter_groups, skip_to

RECIPE = Recipe(peak_rate=0.4, warmup=0.3, momentum=0.8, weight_decay=0.01)


def rates(steps, done=0):
    """The learning rate of each step that is left after `done` of `steps`."""
    optimizer, schedule = descent(nn.Linear(2, 1), RECIPE, steps)
    skip_to(schedule, done)
    found = []
    for _ in range(steps - done):
        found.append(optimizer.param_groups[0]["lr"])
        optimizer.step()
        schedule.step()
    return found


def test_norms_and_biases_are_not_decayed():
    network = build(unroll(preset("brief", rows=((2, 8, 1, 2),), stem=8, last=16)))
    decayed, others = parameter_groups(network, 5e-4)
    assert {p.dim() for p in decayed["params"]} == {2, 4}
    assert (decayed["weight_decay"], others["weight_decay"]) == (5e-4, 0.0)
    listed = {id(p) for group in (decayed, others) for p in group["params"]}
    assert listed == {id(p) for p in network.parameters()}


def test_the_rate_rises_to_its_peak_and_falls_to_nothing_by_cosines():
    found = rates(101)
    peak = round(0.3 * 101) - 1
    assert max(range(101), key=found.__getitem__) in (peak, peak + 1)
    assert found[0] == pytest.approx(0.4 / 25)
    assert max(found) == pytest.approx(0.4, rel=1e-3)
    assert found[-1] < 1e-4 * 0.4
    middle = (0.3 * 101 - 1) / 2  # of the rise: half-way between the first rate and the peak
    between = found[int(middle)] + (middle % 1) * (found[int(middle) + 1] - found[int(middle)])
    assert between == pytest.approx((0.4 / 25 + 0.4) / 2, rel=0.01)


@pytest.mark.parametrize("done", [0, 1, 7, 19])
def test_a_continued_schedule_has_the_rates_of_the_undisturbed_one(done):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert rates(20, done) == rates(20)[done:]


def test_a_step_is_nesterovs_with_decay_on_weights_alone():
    """Two steps of constant gradients by hand, on a weight with decay and a bias without."""
    network = nn.Linear(1, 1)
    nn.init.ones_(network.weight)
    nn.init.ones_(network.bias)
    optimizer, schedule = descent(network, RECIPE, 10)
    values, speed = {"weight": 1.0, "bias": 1.0}, {"weight": 0.0, "bias": 0.0}
    for step in range(2):
        rate = optimizer.param_groups[0]["lr"]
        network.weight.grad, network.bias.grad = torch.full((1, 1), 0.5), torch.full((1,), 0.5)
        optimizer.step()
        schedule.step()
        for name, decay in (("weight", 0.01), ("bias", 0.0)):
            gradient = 0.5 + decay * values[name]
            speed[name] = gradient if step == 0 else 0.8 * speed[name] + gradient
            values[name] -= rate * (gradient + 0.8 * speed[name])
    assert network.weight.item() == pytest.approx(values["weight"], rel=1e-6)
    assert network.bias.item() == pytest.approx(values["bias"], rel=1e-6)


def test_without_momentum_it_is_plain_descent():
    optimizer, _ = descent(nn.Linear(1, 1), Recipe(momentum=0.0), 10)
    assert not any(group["nesterov"] for group in optimizer.param_groups)
    assert math.isclose(optimizer.param_groups[0]["momentum"], 0.0, abs_tol=0.0)


def test_a_rate_that_is_a_tensor_is_the_same_rate():
    """As on a CUDA device, whose captured steps read it anew."""
    results = []
    for as_tensor in (False, True):
        torch.manual_seed(0)
        network = nn.Linear(3, 1)
        optimizer, schedule = descent(network, RECIPE, 10)
        if as_tensor:
            optimizer = SGD(
                parameter_groups(network, RECIPE.weight_decay),
                torch.tensor(RECIPE.peak_rate),
                momentum=RECIPE.momentum,
                nesterov=True,
                fused=True,
            )
            schedule = OneCycleLR(
                optimizer, RECIPE.peak_rate, total_steps=10, pct_start=RECIPE.warmup, cycle_momentum=False
            )
            place = optimizer.param_groups[0]["lr"].data_ptr()
        for _ in range(10):
            network(torch.ones(2, 3)).square().sum().backward()
            optimizer.step()
            schedule.step()
        results.append(network.weight.detach())
    assert optimizer.param_groups[0]["lr"].data_ptr() == place  # a graph reads it there
    assert torch.allclose(*results, rtol=1e-6)


def test_what_has_no_fused_optimiser_has_one_of_lists():
    optimizer, _ = descent(nn.Linear(3, 1, device="meta"), RECIPE, 10)
    assert optimizer.param_groups[0]["foreach"]
    assert descent(nn.Linear(3, 1), RECIPE, 10)[0].param_groups[0]["fused"]
