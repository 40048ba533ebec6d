"""Arithmetic on whole batches of images: crop, mirror, normalise, resize."""

import numpy as np
import torch
from numpy.lib.stride_tricks import as_strided
from torch import Tensor
from torch.nn.functional import interpolate


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


def standardise(images: Tensor, mean: tuple[float, ...], std: tuple[float, ...]) -> Tensor:
    """(value - mean) / std by channel of float images (N, 3, H, W), in channels_last."""
    shift, scale = (torch.tensor(values, device=images.device)[:, None, None] for values in (mean, std))
    return ((images - shift) / scale).contiguous(memory_format=torch.channels_last)


def resized(images: Tensor, size: tuple[int, int]) -> Tensor:
    """Images (N, C, H, W) at another height and width, each new pixel the mean of the area that it covers. Images that
    have this size come back as they are."""
    if size == tuple(images.shape[2:]):
        return images
    return interpolate(images, size, mode="area").contiguous(memory_format=torch.channels_last)


def by_area(image: np.ndarray, size: tuple[int, int]) -> np.ndarray:
    """An image (H, W, 3) of uint8 at another size; each pixel is the mean of the area that it covers, rounded."""
    if size == image.shape[:2]:
        return image
    planes = torch.tensor(image).permute(2, 0, 1)[None].float()
    return interpolate(planes, size, mode="area")[0].round().byte().permute(1, 2, 0).numpy()


def shades(images: np.ndarray) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """Mean and standard deviation of each channel of images (N, h, w, 3), uint8, from counts of the 256 values, which
    takes no second copy of the images. A channel of one value has a deviation of 1e-3, so that one may divide by it."""
    values = np.arange(256)
    counts = [np.bincount(images[..., channel].reshape(-1), minlength=256) for channel in range(3)]
    mean = [float(np.average(values, weights=each)) for each in counts]
    variance = [np.average((values - m) ** 2, weights=each) for m, each in zip(mean, counts, strict=True)]
    return tuple(mean), tuple(max(float(np.sqrt(v)), 1e-3) for v in variance)
