"""Arithmetic on whole batches against one image, or one area, at a time."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.data.pixels import augment, by_area, normalise, resized, shades, standardise

IMAGES = np.random.default_rng(3).integers(0, 256, (23, 32, 32, 3), np.uint8)
MEAN, STD = (120.0, 110.0, 100.0), (60.0, 50.0, 40.0)


def augment_one(image: np.ndarray, padding: int, row: int, column: int, mirrored: bool) -> np.ndarray:
    height, width, _ = image.shape
    out = np.zeros_like(image)
    for y in range(height):
        for x in range(width):
            source_y, source_x = y + row - padding, x + column - padding
            if 0 <= source_y < height and 0 <= source_x < width:
                out[y, width - 1 - x if mirrored else x] = image[source_y, source_x]
    return out


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 5), st.integers(1, 9), st.integers(1, 9), st.integers(0, 2**32), st.data())
def test_equals_a_loop_over_images(padding: int, height: int, width: int, seed: int, draw: st.DataObject) -> None:
    rng = np.random.default_rng(seed)
    count = draw.draw(st.integers(1, 5))
    images = rng.integers(0, 256, (count, height, width, 3), np.uint8)
    offsets, mirrored = rng.integers(0, 2 * padding + 1, (count, 2)), rng.random(count) < 0.5
    before = images.copy()
    found = augment(images, padding, offsets, mirrored)
    for image, (row, column), mirror, result in zip(images, offsets, mirrored, found, strict=True):
        np.testing.assert_array_equal(result, augment_one(image, padding, row, column, mirror))
    np.testing.assert_array_equal(images, before)


def test_normalised_by_channel_in_channels_last() -> None:
    out = normalise(IMAGES, MEAN, STD)
    assert out.dtype == torch.float32 and out.shape == (23, 3, 32, 32)
    assert out.is_contiguous(memory_format=torch.channels_last)
    expected = (IMAGES.transpose(0, 3, 1, 2) - np.array([120, 110, 100])[:, None, None]) / np.array([60, 50, 40])[
        :, None, None
    ]
    np.testing.assert_allclose(out.numpy(), expected, rtol=1e-6, atol=1e-6)


def test_smaller_images_are_means_over_areas():
    images = normalise(IMAGES, (0.0,) * 3, (1.0,) * 3)
    half = resized(images, (16, 16))
    by_hand = IMAGES.astype(np.float32).reshape(23, 16, 2, 16, 2, 3).mean((2, 4)).transpose(0, 3, 1, 2)
    np.testing.assert_allclose(half.numpy(), by_hand, rtol=1e-5)
    assert half.is_contiguous(memory_format=torch.channels_last)
    assert resized(images, (24, 24)).shape == (23, 3, 24, 24)
    assert resized(images, (32, 32)) is images
    assert np.abs(by_area(IMAGES[0], (16, 16)).transpose(2, 0, 1) - by_hand[0]).max() <= 0.5


def test_shades_are_those_of_all_pixels_and_standardised_images_have_none():
    mean, std = shades(IMAGES)
    assert mean == pytest.approx(IMAGES.mean((0, 1, 2)))
    assert std == pytest.approx(IMAGES.std((0, 1, 2)))
    plain = standardise(torch.from_numpy(IMAGES).permute(0, 3, 1, 2).float(), mean, std)
    assert plain.mean((0, 2, 3)).abs().max() < 1e-4
    assert (plain.std((0, 2, 3)) - 1).abs().max() < 1e-3
    assert shades(np.full((2, 4, 4, 3), 7, np.uint8)) == ((7.0,) * 3, (1e-3,) * 3)
