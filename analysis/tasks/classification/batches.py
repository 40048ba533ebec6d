"""Batches of labelled images: cropped and mirrored at random, then normalised."""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor

from analysis.data import held
from analysis.data.held import Held
from analysis.data.labels import Dataset
from analysis.data.pixels import augment, normalise, resized
from analysis.training.device import CPU
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
    order, offsets, mirrored = drawn(indices, stream, crop, flip)
    for start in range(0, len(order) - batch + 1, batch):
        part = slice(start, start + batch)
        images, labels = data.images_and_labels(order[part])
        images = augment(images, crop, offsets[part], mirrored[part])
        yield resized(normalise(images, data.mean, data.std), size), torch.from_numpy(labels)


def drawn(indices: np.ndarray, stream: Streams, crop: int, flip: bool) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """What `batches` draws for an epoch: the images in their order, int64 (n,), the corners of their windows, int64
    (n, 2), and which are mirrored, bool (n,)."""
    order = indices[stream.order.permutation(len(indices))]
    offsets = stream.augment.integers(0, 2 * crop + 1, (len(order), 2))
    return order, offsets, (stream.augment.random(len(order)) < 0.5) & flip


class HeldImages(NamedTuple):
    """Training images and their labels, int64 (N,), on an accelerator."""

    images: Held
    labels: Tensor

    @classmethod
    def of(cls, data: Dataset, device: torch.device) -> "HeldImages":
        """The training images of the data set on `device`."""
        return cls(
            held.hold(data.train_images, data.mean, data.std, device), torch.tensor(data.train_labels).to(device)
        )

    def batches(
        self, indices: np.ndarray, batch: int, stream: Streams, crop: int, flip: bool
    ) -> Iterator[tuple[Tensor, ...]]:
        """One epoch as in `batches`, of which only the numbers that were drawn come: images int64 (batch,), corners
        int64 (batch, 2), mirrored bool (batch,), all on the device."""
        device = self.labels.device
        yield from held.parts(held.move(drawn(indices, stream, crop, flip), device), batch)

    def examples(self, batch: tuple[Tensor, ...], crop: int, size: tuple[int, int]) -> tuple[Tensor, Tensor]:
        """The batch that was drawn as numbers: float32 (batch, 3, *size) and int64 (batch,). `crop` and `size` are in
        pixels."""
        places, offsets, mirrored = batch
        return held.shifted(self.images, places, offsets, mirrored, crop, size), self.labels[places]


def evaluation_batches(
    images: np.ndarray,
    labels: np.ndarray,
    data: Dataset,
    size: tuple[int, int],
    batch: int = 500,
    device: torch.device = CPU,
) -> Iterator[tuple[Tensor, Tensor]]:
    """The images uint8 (N, H, W, 3) and labels (N,) in the given order, normalised as in training: float32
    (batch, 3, *size) and int64 (batch,) on `device`; the last batch may be smaller. `size`: height and width in
    pixels."""
    for start in range(0, len(labels), batch):
        part = slice(start, start + batch)
        made = normalise(images[part], data.mean, data.std).to(device)
        yield resized(made, size), torch.tensor(labels[part]).to(device)
