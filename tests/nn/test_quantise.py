"""Simulated quantisation is what a kernel of integers computes, and its grids are what they are said to be."""

import numpy as np
import pytest
import torch
from hypothesis import example, given
from hypothesis import strategies as st

from analysis.arch import parse_variant, preset, unroll
from analysis.nn import build, initialise
from analysis.nn.fold import fold
from analysis.nn.quantise import Grid, activation_ranges, quantised, rounded_weights, simulated, written
from analysis.nn.settle import settle
from analysis.problem import Problem

values = st.lists(st.floats(-100, 100, width=32), min_size=2, max_size=40)


def folded(variant, seed=0):
    """A folded network of lively random weights."""
    network = build(unroll(variant))
    initialise(network, seed)
    return fold(settle(network, seed=seed))


def test_weights_by_hand():
    """3 bits: integers -3 ... 3. The largest magnitude, 6, makes a step of 2; halves go to the even integer."""
    weights = torch.tensor([[6.0, 1.0, -3.0, 0.9], [1.5, 0.2, -0.8, 0.0]])
    assert rounded_weights(weights, 3, per_channel=False).tolist() == [[6, 0, -4, 0], [2, 0, 0, 0]]
    assert rounded_weights(weights, 3, per_channel=True).tolist() == [[6, 0, -4, 0], [1.5, 0, -1, 0]]


@example([0.0, 2.0**-126], 4)
@given(values, st.integers(2, 8))
def test_a_grid_of_weights_is_symmetric_and_no_weight_moves_by_more_than_half_a_step(numbers, bits):
    weights = torch.tensor([numbers])
    rounded = rounded_weights(weights, bits, per_channel=False)
    step = float(weights.abs().max()) / (2 ** (bits - 1) - 1)
    assert float((rounded - weights).abs().max()) <= step * 0.5001
    assert torch.allclose(rounded_weights(-weights, bits, per_channel=False), -rounded)
    assert len(rounded.unique()) <= 2**bits - 1
    assert torch.allclose(rounded_weights(weights, bits, per_channel=True), rounded)


def test_weights_that_are_all_zero_stay_so():
    for per_channel in (True, False):
        assert torch.equal(rounded_weights(torch.zeros(2, 3), 4, per_channel), torch.zeros(2, 3))


def test_what_is_written_is_what_a_kernel_would_write():
    plan = folded(preset("brief", rows=((6, 16, 2, 1),))).plan
    assert written(plan) == (
        "stem.activation",
        "bottleneck1.expand.activation",
        "bottleneck1.depthwise.activation",
        "bottleneck1.project.conv",
        "bottleneck1.shortcut",
        "bottleneck2.expand.activation",
        "bottleneck2.depthwise.activation",
        "bottleneck2.project.conv",
        "bottleneck2.shortcut",
        "last.activation",
        "head.pool",
    )
    bent = written(folded(preset("brief", rows=((6, 16, 2, 1),), projection="relu6_after_addition")).plan)
    assert "bottleneck1.shortcut" not in bent  # its only reader is the activation behind it


def by_integers(network, images, ranges, bits, per_channel):
    """Stem, pooling and class scores of a network without blocks, in whole numbers, by numpy alone."""
    state = {name: value.numpy().astype(np.float64) for name, value in network.state_dict().items()}
    most = 2 ** (bits - 1) - 1

    def whole(weight):
        scale = np.abs(weight).max(axis=tuple(range(1, weight.ndim)) if per_channel else None) / most
        scale = np.broadcast_to(scale, weight.shape[:1]).reshape(-1, *[1] * (weight.ndim - 1))
        return np.rint(weight / scale), scale.ravel()

    def grid(x, name):
        low, high = ranges[name]
        scale = (high - low) / (2**bits - 1)
        zero = round(-low / scale)
        return np.clip(np.rint(x / scale) + zero, 0, 2**bits - 1), scale, zero

    weight, scale = whole(state["stem.conv.weight"])
    x = np.pad(images.numpy().astype(np.float64), ((0, 0), (0, 0), (1, 1), (1, 1)))
    windows = np.lib.stride_tricks.sliding_window_view(x, (3, 3), axis=(2, 3))[:, :, ::2, ::2]
    y = np.einsum("nchwij,ocij->nohw", windows, weight) * scale[:, None, None] + state["stem.conv.bias"][:, None, None]
    q, s, z = grid(np.clip(y, 0, 6), "stem.activation")
    weight, scale = whole(state["last.conv.weight"])
    sums = np.einsum("nchw,oc->nohw", q - z, weight[..., 0, 0])  # whole numbers
    y = sums * (s * scale[:, None, None]) + state["last.conv.bias"][:, None, None]
    q, s, z = grid(np.clip(y, 0, 6), "last.activation")
    q, s, z = grid(((q - z) * s).mean((2, 3)), "head.pool")
    weight, scale = whole(state["head.linear.weight"])
    return (q - z) @ weight.T * (s * scale) + state["head.linear.bias"]


@pytest.mark.parametrize("per_channel", [True, False])
@pytest.mark.parametrize("bits", [4, 8])
def test_a_network_computes_what_integers_give(bits, per_channel):
    variant = parse_variant("mobilenet_v2(resolution=8, stem=8, rows=((0, 8, 1, 1),), last=16, classes=10, rounding=1)")
    network = folded(variant)
    images = torch.randn(16, 3, 8, 8, generator=torch.Generator().manual_seed(1))
    (ranges,) = activation_ranges(network, images, (100.0,))
    assert written(network.plan) == ("stem.activation", "last.activation", "head.pool")  # an empty block between
    with torch.inference_mode():
        scores = quantised(network, ranges, bits, per_channel)(images).numpy()
    expected = by_integers(network, images, ranges, bits, per_channel)
    np.testing.assert_allclose(scores, expected, atol=2e-4 * np.abs(expected).max())


def test_ranges_hold_zero_and_what_the_images_show():
    network = folded(preset("brief", rows=((6, 16, 2, 1),)))
    images = torch.randn(8, 3, 32, 32, generator=torch.Generator().manual_seed(2))
    whole, clipped = activation_ranges(network, images, (100.0, 99.0))
    made = network.intermediates(images, written(network.plan))
    assert set(whole) == set(clipped) == set(made)
    for name, tensor in made.items():
        values = np.sort(tensor.detach().numpy().ravel())
        assert whole[name] == (min(values[0], 0), max(values[-1], 0))
        ends = values[round((len(values) - 1) * 0.01)], values[round((len(values) - 1) * 0.99)]
        assert clipped[name] == (min(ends[0], 0), max(ends[1], 0))
    assert whole["bottleneck1.project.conv"][0] < 0


def test_more_bits_come_closer_and_the_network_itself_stays_as_it_was():
    network = folded(preset("brief", rows=((6, 16, 2, 1),)))
    images = torch.randn(8, 3, 32, 32, generator=torch.Generator().manual_seed(2))
    before = {name: value.clone() for name, value in network.state_dict().items()}
    (ranges,) = activation_ranges(network, images, (100.0,))
    with torch.inference_mode():
        exact = network(images)
        off = [float((quantised(network, ranges, bits, True)(images) - exact).norm()) for bits in (4, 6, 8, 12)]
    assert off == sorted(off, reverse=True)
    assert off[-1] < 0.01 * float(exact.norm()) < off[0]
    assert all(torch.equal(value, before[name]) for name, value in network.state_dict().items())


def test_squeezes_are_rounded_where_a_kernel_writes_them_and_come_closer_with_more_bits():
    network = folded(preset("brief", rows=((6, 16, 1, 1),), squeeze=0.25, activation="hard_swish"))
    parts = ["pool", "activation", "gate", "scale"]  # its two convolutions are read by their activations alone
    inside = [name for name in written(network.plan) if ".squeeze." in name]
    assert inside == [f"bottleneck1.squeeze.{part}" for part in parts]
    images = torch.randn(8, 3, 32, 32, generator=torch.Generator().manual_seed(2))
    (ranges,) = activation_ranges(network, images, (100.0,))
    assert ranges["bottleneck1.squeeze.gate"][0] == 0 < ranges["bottleneck1.squeeze.gate"][1] <= 1
    with torch.inference_mode():
        exact = network(images)
        off = [float((quantised(network, ranges, bits, True)(images) - exact).norm()) for bits in (4, 8, 12)]
        rounded = quantised(network, ranges, 4, True).intermediates(images, inside)
    assert off == sorted(off, reverse=True) and off[-1] < 0.01 * float(exact.norm()) < off[0]
    for name in inside:
        assert len(rounded[name].unique()) <= 16, name


def test_wrong_precisions_are_problems():
    network = folded(preset("brief", rows=((6, 16, 1, 1),)))
    with pytest.raises(Problem, match="bits 1 is not a number of at least 2 and at most 16"):
        quantised(network, {}, 1, True)
    with pytest.raises(Problem, match="percentile 50 is not a number above 50"):
        activation_ranges(network, torch.zeros(1, 3, 32, 32), (50,))


def test_grids_of_a_file_are_simulated_with_the_weights_as_they_are():
    network = folded(preset("brief", rows=((6, 8, 1, 1),)))
    names = ["image", *written(network.plan), *network.plan.outputs]
    grids = {name: Grid(0.05, -100, 155) for name in names}
    made = simulated(network, grids)
    images = torch.randn(2, 3, 32, 32)
    for name in names[1:]:
        values = made.intermediates(images, [name])[name] / 0.05
        assert float((values - values.round()).abs().max()) < 1e-3 and float(values.max()) <= 155.001
    assert torch.equal(network.state_dict()["stem.conv.weight"], made.state_dict()["stem.conv.weight"])
    with pytest.raises(Problem, match="there is no grid for"):
        simulated(network, {"image": grids["image"]})
    with pytest.raises(Problem, match="unknown tensor 'x'"):
        simulated(network, grids | {"x": grids["image"]})
