"""What an accelerator does with whole batches is what a CPU does image by image; here both run on the CPU."""

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from analysis.data import held, windows
from analysis.data.pixels import augment, normalise, resized
from analysis.data.windows import draw, sides_of

CPU = torch.device("cpu")
MEAN, STD = (120.0, 100.4, 90.6), (60.0, 50.0, 40.0)
SEEDS = st.integers(0, 10**6)


def pictures(seed, count=4, size=(9, 12)):
    return np.random.default_rng(seed).integers(0, 256, (count, *size, 3), np.uint8)


@given(SEEDS, st.integers(0, 3), st.sampled_from([(9, 12), (18, 24), (5, 7)]))
def test_shifted_images_are_augmented_ones(seed, padding, size):
    images, random = pictures(seed), np.random.default_rng(seed)
    order = random.permutation(4)[:3]
    offsets, mirrored = random.integers(0, 2 * padding + 1, (3, 2)), random.random(3) < 0.5
    expected = resized(normalise(augment(images[order], padding, offsets, mirrored), MEAN, STD), size)
    there = held.hold(images, MEAN, STD, CPU)
    found = held.shifted(there, *held.move((order, offsets, mirrored), CPU), padding, size)
    assert torch.allclose(found, expected, atol=1e-6)
    assert found.is_contiguous(memory_format=torch.channels_last)


def drawn(seed, stored, whole, crop, scales):
    return draw(np.random.default_rng(seed), 4, stored, whole, crop=crop, scales=scales, flip=True, colour=0.3)


CASES = [
    ((9, 12), (9, 12), (9, 12), (0.5, 2.0)),  # windows inside and around the image
    ((9, 12), (18, 24), (7, 5), (0.3, 0.4)),
    ((12, 12), (6, 6), (6, 6), (0.2, 6.0)),  # strong shrinking, and strong growth
]


@pytest.mark.parametrize(("stored", "whole", "crop", "scales"), CASES)
@pytest.mark.parametrize("seed", range(6))
def test_windows_are_cut_as_one_by_one(stored, whole, crop, scales, seed):
    """Images to a level of 256, which a CPU's weights of 16 bits cost; masks exactly."""
    images, draws = pictures(seed, size=stored), drawn(seed, stored, whole, crop, scales)
    plain = draws._replace(colour=np.ones((4, 3)))
    order = np.array([2, 0, 3, 1])
    largest = int(sides_of(np.array(scales[:1]), stored, whole, crop).max())
    assert draws.windows[:, 2:].max() <= largest
    there = held.hold(images, MEAN, STD, CPU)
    found = held.cut_images(there, *held.move((order, *plain), CPU), crop, largest)
    expected = windows.cut_images(images[order], plain, crop, MEAN).float()
    levels = found * torch.tensor(STD)[:, None, None] + torch.tensor(MEAN)[:, None, None]
    assert float((levels - expected).abs().max()) < 1.01
    assert float(((levels - expected).abs() > 0.1).float().mean()) < 0.1
    coloured = held.cut_images(there, *held.move((order, *draws), CPU), crop, largest)
    same = windows.recolour((levels - 0.0).contiguous(), draws.colour, MEAN, STD)
    assert torch.allclose(coloured, same, atol=1e-3)
    masks = np.random.default_rng(seed).integers(0, 4, (4, *stored)).astype(np.uint8)
    numbers = held.move((order, draws.windows, draws.mirrored), CPU)
    assert torch.equal(
        held.cut_masks(torch.from_numpy(masks), *numbers, crop, 3), windows.cut_masks(masks[order], draws, crop, 3)
    )


def test_what_lies_outside_has_the_mean_colour():
    there = held.hold(np.zeros((1, 4, 4, 3), np.uint8), MEAN, STD, CPU)
    window = torch.tensor([[-4, -4, 12, 12]])
    found = held.cut_images(there, torch.tensor([0]), window, torch.tensor([False]), torch.ones(1, 3), (12, 12), 12)
    levels = found * torch.tensor(STD)[:, None, None] + torch.tensor(MEAN)[:, None, None]
    inside = levels[..., 4:8, 4:8]
    assert torch.allclose(inside, torch.zeros(()), atol=1e-3)
    assert torch.allclose(levels[0, :, 0, 0], torch.tensor([120.0, 100.0, 91.0]), atol=1e-3)
    assert torch.equal(levels[..., :4, :].unique(), levels[0, :, 0, 0].unique())


def test_numbers_move_as_they_are_and_are_cut_into_whole_batches():
    moved = held.move((np.arange(7), np.linspace(0, 1, 7), np.arange(7) % 2 == 0), CPU)
    assert [tensor.dtype for tensor in moved] == [torch.int64, torch.float32, torch.bool]
    batches = list(held.parts(moved, 3))
    assert [batch[0].tolist() for batch in batches] == [[0, 1, 2], [3, 4, 5]]
    assert held.move((np.arange(3),), torch.device("meta"))[0].device.type == "meta"
