"""Jacobians of a network are those of autograd and of differences, and their spectra those of known matrices."""

import math

import pytest
import torch
from torch.autograd.functional import jacobian
from torch.nn.functional import cross_entropy

from analysis.arch import preset, unroll
from analysis.nn import build, initialise
from analysis.nn.jacobians import between, gradient_norms, jacobians, spectrum, within
from analysis.nn.settle import settle
from analysis.problem import Problem

TINY = {"rows": ((6, 4, 2, 2), (6, 8, 2, 2)), "last": 16, "stem": 4, "resolution": 16}


def network(shortcut="bottleneck"):
    made = build(unroll(preset("brief", shortcut=shortcut, **TINY)))
    initialise(made, 0)
    return settle(made)


def image(seed=0):
    return torch.randn(3, 16, 16, generator=torch.Generator().manual_seed(seed))


def test_sites_are_what_the_shortcuts_join():
    plan = unroll(preset("brief", shortcut="expansion", **TINY))
    assert list(between(plan).items())[1] == ("bottleneck2", "bottleneck2.project.norm")
    assert within(plan)["bottleneck2"] == "bottleneck2.expand.activation"
    assert set(within(plan).values()) >= {op.inputs[0] for op in plan.operations if op.name.endswith("depthwise.conv")}
    assert between(unroll(preset("brief", **TINY)))["bottleneck2"] == "bottleneck2.shortcut"


@pytest.mark.parametrize("shortcut", ["bottleneck", "expansion", "none"])
def test_a_jacobian_is_that_of_the_block_run_alone(shortcut):
    made, at = network(shortcut), image()
    source, target = "bottleneck3.project.norm", between(made.plan)["bottleneck4"]
    if shortcut == "expansion":
        source = within(made.plan)["bottleneck4"]
    found = jacobians(made, at, [source], target)[source]

    block = made.get_submodule("bottleneck4")

    def rest(start):
        if shortcut != "expansion":
            name = target.removeprefix("bottleneck4.")
            return block({"x": start}, frozenset({name}))[name]
        filtered = block.depthwise.activation(block.depthwise.norm(block.depthwise.conv(start)))
        return block.project.norm(block.project.conv(filtered))

    start = made.intermediates(at[None], [source])[source].detach()
    expected = jacobian(rest, start).reshape(found.shape)
    torch.testing.assert_close(found, expected, atol=1e-5, rtol=1e-4)


def test_several_sources_are_differentiated_at_once_and_unknown_ones_named():
    made, at = network(), image()
    first, last = "bottleneck1.project.norm", "bottleneck4.shortcut"
    found = jacobians(made, at, [first, "bottleneck3.project.norm"], last)
    assert {name: tuple(matrix.shape) for name, matrix in found.items()} == {
        first: (8 * 2 * 2, 8 * 4 * 4),
        "bottleneck3.project.norm": (8 * 2 * 2, 8 * 2 * 2),
    }
    torch.testing.assert_close(found[first], jacobians(made, at, [first], last)[first])
    with pytest.raises(Problem, match="tensor"):
        jacobians(made, at, ["bottleneck9"], last)


def test_the_spectrum_of_known_matrices():
    flat = spectrum(2 * torch.eye(8))
    assert flat == pytest.approx((8, 2, 1, 2, 2, 2, 2))
    one = spectrum(torch.outer(torch.tensor([3.0, 0, 0, 0]), torch.ones(9)))
    assert (one.values, one.largest, one.directions) == pytest.approx((4, 9, 0.25), abs=1e-6)
    assert one.rms == pytest.approx(math.sqrt(81 / 4))
    assert spectrum(torch.zeros(3, 5)).directions == 0


def test_gradient_norms_are_those_of_autograd():
    made = network()
    labels = torch.arange(6) % 10
    batches = [(torch.stack([image(seed + 10 * k) for seed in range(6)]), labels) for k in range(2)]
    found = gradient_norms(made, batches, cross_entropy)
    assert list(found) == [block.name for block in made.plan.blocks]
    squares = []
    for images, _ in batches:
        loss = cross_entropy(made(images), labels)
        weight = made.get_submodule("head.linear").weight
        squares.append(float(torch.autograd.grad(loss, weight)[0].square().sum()))
    assert found["head"] == pytest.approx(math.sqrt(sum(squares) / 2), rel=1e-4)
