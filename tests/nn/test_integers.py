"""Integers as a kernel computes them: sums by hand, halves of means, and what is refused."""

import numpy as np
import pytest
import torch
from published_files import SMALL, trained

from analysis.arch import preset, unroll
from analysis.nn import build
from analysis.nn.fold import fold
from analysis.nn.integers import IntegerLayer, IntegerMean, IntegerSum, integer_network
from analysis.nn.quantise import Grid
from analysis.problem import Problem


def test_a_layer_is_the_exact_sum_rounded_once():
    read, made, scale = Grid(0.5, 0, 255), Grid(0.25, -20, 235), np.array([0.1], np.float32)
    layer = torch.nn.Linear(3, 1)
    layer.weight.data, layer.bias.data = torch.tensor([[0.3, -0.2, 1.0]]), torch.tensor([0.15])
    module = IntegerLayer(layer, read, made, scale)
    k = np.array([10, 7, 3])
    total = int(k @ np.array([3, -2, 10])) + 3  # the bias is 0.15 / (0.5 x 0.1)
    expected = np.rint(np.float32(total) * np.float32(0.5) * scale[0] / np.float32(0.25)) * 0.25
    found = module(torch.tensor(k * 0.5, dtype=torch.float32)[None, :, None, None])
    assert float(found) == pytest.approx(float(expected))
    assert module.kind == torch.float32


def test_large_sums_are_exact_too():
    layer = torch.nn.Linear(4000, 1)
    layer.weight.data.fill_(12.7)
    layer.bias.data.zero_()
    module = IntegerLayer(layer, Grid(1.0, 0, 255), Grid(1e5, 0, 255), np.array([0.1], np.float32))
    assert module.kind == torch.float64
    k = torch.full((1, 4000, 1, 1), 255.0)
    assert float(module(k)) == pytest.approx(round(4000 * 127 * 255 * 0.1 / 1e5) * 1e5)


def test_a_sum_is_rounded_half_up_on_its_own_grid():
    module = IntegerSum(Grid(0.5, -100, 100), Grid(0.25, -100, 100), Grid(1.0, -100, 100))
    first, second = torch.tensor([1.0, -1.5, 60.0]), torch.tensor([0.5, 1.0, 25.0])
    assert module(first, second).tolist() == [2.0, 0.0, 85.0]
    assert module(torch.tensor([50.0]), torch.tensor([25.0])).tolist() == [75.0]


@pytest.mark.parametrize(("signed", "expected"), [(False, 3.0), (True, 2.0)])
def test_halves_of_a_mean_go_away_from_the_integer_zero(signed, expected):
    grid = Grid(1.0, 0, 255)
    x = torch.tensor([[[[2.0, 3.0]]]])
    assert float(IntegerMean(grid, grid, signed)(x)) == expected
    other = IntegerMean(grid, Grid(0.5, 0, 255), signed)
    assert float(other(x)) == 2.5


def test_a_missing_grid_or_scale_is_named():
    network = fold(trained(SMALL))
    names = ["image", *network.plan.shapes]
    grids = dict.fromkeys(names, Grid(0.1, -128, 127))
    with pytest.raises(Problem, match="no scale for the weights of stem.conv"):
        integer_network(network, grids, {})
    del grids["stem.activation"]
    with pytest.raises(Problem, match="no grid for stem.activation"):
        integer_network(network, grids, {})
    scales = {name: np.array([0.1]) for name in names}
    with pytest.raises(Problem, match="stem.conv .Conv. has no kernel of integers here: .* norms folded"):
        integer_network(trained(SMALL), dict.fromkeys([*names, "stem.conv", "stem.norm"], Grid(0.1, 0, 9)), scales)


@pytest.mark.parametrize(
    ("axes", "message"),
    [
        ({"activation": "hard_swish"}, r"stem.activation \(hard_swish\) has no kernel of integers"),
        ({"squeeze": 0.25, "gate": "sigmoid"}, r"bottleneck1.squeeze.gate \(sigmoid\) has no kernel of integers"),
    ],
)
def test_an_operation_without_integers_is_named(axes, message):
    network = fold(build(unroll(preset("brief", rows=((6, 16, 1, 1),), **axes))))
    names = ["image", *network.plan.shapes]
    grids, scales = dict.fromkeys(names, Grid(0.1, -128, 127)), {name: np.array([0.1]) for name in names}
    with pytest.raises(Problem, match=message):
        integer_network(network, grids, scales)
