"""Batches of labelled images: cropped and mirrored at random, then normalised."""

from collections.abc import Iterator

import numpy as np
import torch
from torch import Tensor

from analysis.data.labels import Dataset
from analysis.data.pixels import augment, normalise, resized
from analysis.training.streams import Streams


def batches(
    data: Dataset,
    indices: np.ndarray,
    batch: int,
    stream: Streams,
    size: tuple[int, int],
    *,
    crop: int = 4,
    flip: bool = True,
) -> Iterator[tuple[Tensor, Tensor]]:
    """One epoch over the training images at `indices`: float32 (batch, 3, *size) and int64 (batch,).

    The order is drawn from `stream.order`; crops and mirrorings from `stream.augment`, for the whole epoch at
    once and whether or not they are used, so that switching one off changes nothing else. A last incomplete
    batch is left out: every step averages over the same number of images. `size`: height and width of what the network
    sees, in pixels.
    """
    order = indices[stream.order.permutation(len(indices))]
    offsets = stream.augment.integers(0, 2 * crop + 1, (len(order), 2))
    mirrored = (stream.augment.random(len(order)) < 0.5) & flip
    for start in range(0, len(order) - batch + 1, batch):
        part = slice(start, start + batch)
        images, labels = data.images_and_labels(order[part])
        images = augment(images, crop, offsets[part], mirrored[part])
        yield resized(normalise(images, data.mean, data.std), size), torch.from_numpy(labels)


def evaluation_batches(
    images: np.ndarray, labels: np.ndarray, data: Dataset, size: tuple[int, int], batch: int = 500
) -> Iterator[tuple[Tensor, Tensor]]:
    """The images uint8 (N, H, W, 3) and labels (N,) in the given order, normalised as in training: float32
    (batch, 3, *size) and int64 (batch,); the last batch may be smaller. `size`: height and width in pixels."""
    for start in range(0, len(labels), batch):
        part = slice(start, start + batch)
        yield resized(normalise(images[part], data.mean, data.std), size), torch.tensor(labels[part])
