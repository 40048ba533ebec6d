"""The order of batches, and what they show."""

import numpy as np
import pytest
import torch

from analysis.data.finished import TestSplit
from analysis.data.labels import Dataset
from analysis.data.pixels import normalise
from analysis.tasks.classification.batches import batches, evaluation_batches
from analysis.training.streams import streams

RNG = np.random.default_rng(3)
IMAGES = RNG.integers(0, 256, (23, 32, 32, 3), np.uint8)
LABELS = np.arange(23)
WHOLE = (32, 32)


def data() -> Dataset:
    mean, std = (120.0, 110.0, 100.0), (60.0, 50.0, 40.0)
    return Dataset("cifar10", "", "", "", (), IMAGES, LABELS, mean, std, TestSplit(lambda: (IMAGES, LABELS)))


def test_an_epoch_shows_each_image_once_and_leaves_out_the_incomplete_batch() -> None:
    indices = np.arange(2, 22)
    found = list(batches(data(), indices, 6, streams(0), WHOLE))
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
                torch.cat(
                    [labels for _, labels in batches(data(), LABELS, 4, stream, WHOLE, crop=crop, flip=flip)]
                ).tolist()
                for _ in range(2)
            ]
        )
    assert orders[0] == orders[1]
    assert orders[0][0] != orders[0][1]  # the second epoch goes on in the stream


@pytest.mark.parametrize("flip", [False, True])
def test_without_crop_images_are_whole(flip: bool) -> None:
    mirrored = 0
    for images, labels in batches(data(), LABELS, 5, streams(1), WHOLE, crop=0, flip=flip):
        plain = normalise(IMAGES[labels.numpy()], data().mean, data().std)
        same = (images == plain).flatten(1).all(1)
        assert (same | (images == plain.flip(3)).flatten(1).all(1)).all()
        mirrored += int((~same).sum())
    assert 0 < mirrored < 20 if flip else mirrored == 0


def test_evaluation_keeps_order_and_every_image() -> None:
    found = list(evaluation_batches(IMAGES, LABELS, data(), WHOLE, batch=10))
    assert [len(labels) for _, labels in found] == [10, 10, 3]
    assert torch.cat([labels for _, labels in found]).tolist() == LABELS.tolist()
    torch.testing.assert_close(torch.cat([images for images, _ in found]), normalise(IMAGES, data().mean, data().std))


def test_images_come_at_the_size_that_is_asked_for():
    shown = [
        *batches(data(), np.arange(8), 4, streams(0), (16, 16)),
        *evaluation_batches(IMAGES, LABELS, data(), (16, 16)),
    ]
    assert {tuple(batch.shape[1:]) for batch, _ in shown} == {(3, 16, 16)}
