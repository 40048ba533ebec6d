"""The plain loop, which the suite is compared with, trains the same network on the same kind of images."""

import numpy as np
import pytest
import torch

from analysis.arch import preset, unroll
from analysis.cost import count
from experiments.benches.plain_loop import Images, InvertedResidual, plain_network, plain_steps
from experiments.benches.train import CASES

ROWS = ((1, 8, 1, 1), (6, 12, 2, 2), (6, 12, 1, 1))
RANDOM = np.random.default_rng(0)
PIXELS, LABELS = RANDOM.integers(0, 256, (10, 32, 32, 3), np.uint8), RANDOM.integers(0, 10, 10)


@pytest.mark.parametrize(
    ("channels", "outputs", "stride", "expansion", "adds"),
    [(8, 8, 1, 6, True), (8, 8, 2, 6, False), (8, 12, 1, 6, False), (8, 8, 1, 1, True)],
)
def test_a_block_adds_its_input_where_the_shapes_are_the_same(channels, outputs, stride, expansion, adds):
    block = InvertedResidual(channels, outputs, stride, expansion).eval()
    x = torch.randn(2, channels, 8, 8)
    y = block(x)
    assert y.shape == (2, outputs, 8 // stride, 8 // stride)
    assert torch.equal(y, block.layers(x) + (x if adds else 0))
    assert len(block.layers) == (8 if expansion > 1 else 5)  # without an expansion it starts with its filter


@pytest.mark.parametrize("case", CASES)
def test_it_is_the_network_that_the_suite_trains(case):
    name, width = CASES[case]
    variant = preset(name, width=width)
    rows = tuple((t, variant.channels(c), n, s) for t, c, n, s, _, _ in variant.stages)
    network = plain_network(variant.channels(variant.stem), variant.stem_stride, rows, variant.last_channels)
    assert sum(p.numel() for p in network.parameters()) == count(unroll(variant)).params
    assert network.eval()(torch.zeros(1, 3, 32, 32)).shape == (1, 10)


def test_an_image_is_cropped_and_mirrored():
    """Each is a window of the padded image; the padding is black."""
    images = Images(PIXELS, LABELS)
    assert len(images) == 10
    torch.manual_seed(0)
    padded = np.pad(PIXELS[3], ((4, 4), (4, 4), (0, 0)))
    windows = {}
    for top in range(9):
        for left in range(9):
            window = padded[top : top + 32, left : left + 32]
            windows[window.tobytes()], windows[window[:, ::-1].tobytes()] = (top, left, False), (top, left, True)
    found = set()
    for _ in range(40):
        image, label = images[3]
        assert label == LABELS[3]
        back = ((image * 0.25 + 0.45) * 255).round().clamp(0, 255).byte().permute(1, 2, 0).numpy()
        found.add(windows[np.ascontiguousarray(back).tobytes()])
    assert len(found) > 20
    assert {mirrored for *_, mirrored in found} == {True, False}


def test_a_step_trains_on_whole_batches_without_end():
    torch.manual_seed(0)
    network = plain_network(8, 1, ROWS, 16)
    before = [p.detach().clone() for p in network.parameters()]
    steps = plain_steps(network, PIXELS, LABELS, batch=4)
    assert [next(steps) for _ in range(5)] == [4] * 5  # two batches an epoch; the incomplete one is left out
    assert all(torch.isfinite(p).all() for p in network.parameters())
    assert sum(not torch.equal(p, old) for p, old in zip(network.parameters(), before, strict=True)) == len(before)
    steps.close()
