"""Augmentation of whole batches against one image at a time; the order of batches."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.data.labels import Dataset
from analysis.tasks.classification.batches import augment, batches, evaluation_batches, normalise, resized
from analysis.training.streams import streams

RNG = np.random.default_rng(3)
IMAGES = RNG.integers(0, 256, (23, 32, 32, 3), np.uint8)
LABELS = np.arange(23)


def data() -> Dataset:
    mean, std = (120.0, 110.0, 100.0), (60.0, 50.0, 40.0)
    return Dataset("cifar10", "", "", "", (), IMAGES, LABELS, mean, std, lambda: (IMAGES, LABELS))


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
    out = normalise(IMAGES, data().mean, data().std)
    assert out.dtype == torch.float32 and out.shape == (23, 3, 32, 32)
    assert out.is_contiguous(memory_format=torch.channels_last)
    expected = (IMAGES.transpose(0, 3, 1, 2) - np.array([120, 110, 100])[:, None, None]) / np.array([60, 50, 40])[
        :, None, None
    ]
    np.testing.assert_allclose(out.numpy(), expected, rtol=1e-6, atol=1e-6)


def test_an_epoch_shows_each_image_once_and_leaves_out_the_incomplete_batch() -> None:
    indices = np.arange(2, 22)
    found = list(batches(data(), indices, 6, streams(0)))
    assert [len(labels) for _, labels in found] == [6, 6, 6]
    seen = torch.cat([labels for _, labels in found]).tolist()
    assert len(set(seen)) == 18 and set(seen) <= set(indices.tolist())
    assert seen != sorted(seen)


def test_order_does_not_depend_on_the_augmentation() -> None:
    orders = []
    for crop, flip in ((4, True), (0, False)):
        stream = streams(5)
        orders.append(
            [
                torch.cat([labels for _, labels in batches(data(), LABELS, 4, stream, crop=crop, flip=flip)]).tolist()
                for _ in range(2)
            ]
        )
    assert orders[0] == orders[1]
    assert orders[0][0] != orders[0][1]  # the second epoch goes on in the stream


@pytest.mark.parametrize("flip", [False, True])
def test_without_crop_images_are_whole(flip: bool) -> None:
    mirrored = 0
    for images, labels in batches(data(), LABELS, 5, streams(1), crop=0, flip=flip):
        plain = normalise(IMAGES[labels.numpy()], data().mean, data().std)
        same = (images == plain).flatten(1).all(1)
        assert (same | (images == plain.flip(3)).flatten(1).all(1)).all()
        mirrored += int((~same).sum())
    assert 0 < mirrored < 20 if flip else mirrored == 0


def test_evaluation_keeps_order_and_every_image() -> None:
    found = list(evaluation_batches(IMAGES, LABELS, data(), batch=10))
    assert [len(labels) for _, labels in found] == [10, 10, 3]
    assert torch.cat([labels for _, labels in found]).tolist() == LABELS.tolist()
    torch.testing.assert_close(torch.cat([images for images, _ in found]), normalise(IMAGES, data().mean, data().std))


def test_smaller_images_are_means_over_areas():
    images = normalise(IMAGES, (0.0,) * 3, (1.0,) * 3)
    half = resized(images, (16, 16))
    by_hand = IMAGES.astype(np.float32).reshape(23, 16, 2, 16, 2, 3).mean((2, 4)).transpose(0, 3, 1, 2)
    np.testing.assert_allclose(half.numpy(), by_hand, rtol=1e-5)
    assert half.is_contiguous(memory_format=torch.channels_last)
    assert resized(images, (24, 24)).shape == (23, 3, 24, 24)
    assert resized(images, (32, 32)) is images
    shown = [
        *batches(data(), np.arange(8), 4, streams(0), size=(16, 16)),
        *evaluation_batches(IMAGES, LABELS, data(), size=(16, 16)),
    ]
    assert {tuple(batch.shape[1:]) for batch, _ in shown} == {(3, 16, 16)}
