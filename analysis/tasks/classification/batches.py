"""Batches for the network: whole uint8 batches cropped and mirrored at random, then normalised."""

from collections.abc import Iterator

import numpy as np
import torch
from numpy.lib.stride_tricks import as_strided
from torch import Tensor
from torch.nn.functional import interpolate

from analysis.data.labels import Dataset
from analysis.training.streams import Streams


def batches(
    data: Dataset,
    indices: np.ndarray,
    batch: int,
    stream: Streams,
    *,
    crop: int = 4,
    flip: bool = True,
    size: tuple[int, int] | None = None,
) -> Iterator[tuple[Tensor, Tensor]]:
    """One epoch over the training images at `indices`: float32 (batch, 3, *size) and int64 (batch,).

    The order is drawn from `stream.order`; crops and mirrorings from `stream.augment`, for the whole epoch at
    once and whether or not they are used, so that switching one off changes nothing else. A last incomplete
    batch is left out: every step averages over the same number of images. `size`: height and width of what the network
    sees, in pixels; None: as they are.
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
    images: np.ndarray, labels: np.ndarray, data: Dataset, batch: int = 500, size: tuple[int, int] | None = None
) -> Iterator[tuple[Tensor, Tensor]]:
    """The images uint8 (N, H, W, 3) and labels (N,) in the given order, normalised as in training: float32
    (batch, 3, *size) and int64 (batch,); the last batch may be smaller. `size` in pixels, None: as they are."""
    for start in range(0, len(labels), batch):
        part = slice(start, start + batch)
        yield resized(normalise(images[part], data.mean, data.std), size), torch.tensor(labels[part])


def augment(images: np.ndarray, padding: int, offsets: np.ndarray, mirrored: np.ndarray) -> np.ndarray:
    """Pad each image with black, cut a window of the old size out, then mirror some left to right.

    `images` uint8 (N, H, W, C); `offsets` (N, 2): upper left corner (row, column) of the window in the padded
    image, 0 ... 2 padding; `mirrored` bool (N,). One indexing operation copies all windows.
    """
    count, height, width, channels = images.shape
    padded = np.zeros((count, height + 2 * padding, width + 2 * padding, channels), images.dtype)
    padded[:, padding : padding + height, padding : padding + width] = images
    image, row, column, value = padded.strides
    places = 2 * padding + 1
    windows = as_strided(
        padded,
        (count, places, places, height, width * channels),
        (image, row, column, row, value),
        writeable=False,
    )
    cut = windows[np.arange(count), offsets[:, 0], offsets[:, 1]].reshape(images.shape)
    pixels = cut.view(np.dtype((np.void, channels)))[..., 0]  # moved whole: half the time of byte by byte
    pixels[mirrored] = pixels[mirrored, :, ::-1]
    return cut


def normalise(images: np.ndarray, mean: tuple[float, ...], std: tuple[float, ...]) -> Tensor:
    """(pixel - mean) / std by channel: uint8 (N, H, W, C) to float32 (N, C, H, W) in channels_last."""
    count, height, width, channels = images.shape
    # whole rows of W x C values make long inner loops; three values a pixel would not
    rows = torch.tensor(images).view(count, height, width * channels).float()
    rows.sub_(torch.tensor(mean).repeat(width)).mul_(1 / torch.tensor(std).repeat(width))
    return rows.view(count, height, width, channels).permute(0, 3, 1, 2)


def resized(images: Tensor, size: tuple[int, int] | None) -> Tensor:
    """Images (N, C, H, W) at another height and width, each new pixel the mean of the area that it covers; unchanged
    where `size` is None or theirs."""
    if size is None or size == tuple(images.shape[2:]):
        return images
    return interpolate(images, size, mode="area").contiguous(memory_format=torch.channels_last)
