"""Images that lie on an accelerator as uint8, and what cuts, mirrors, resizes and normalises them there, a whole batch
at a time.

All of it is a function of numbers that were drawn on the CPU, so that a seed sees the same batches on every device. The
functions that a CPU uses (`pixels`, `windows`) work image by image, which suits it better. Nothing here waits for the
device.
"""

import math
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor

from analysis.data.pixels import resized
from analysis.data.windows import mixed


class Held(NamedTuple):
    """Images on a device, with the `mean` and `std` of their channels, float32 (3,)."""

    images: Tensor
    mean: Tensor
    std: Tensor


def hold(images: np.ndarray, mean: Sequence[float], std: Sequence[float], device: torch.device) -> Held:
    """Images uint8 (N, h, w, 3) as they are on `device`."""
    return Held(torch.tensor(images).to(device), *(torch.tensor(values).to(device) for values in (mean, std)))


def move(arrays: Sequence[np.ndarray], device: torch.device) -> tuple[Tensor, ...]:
    """Arrays (N, ...) on `device`, from pinned memory where that lets the copy run by itself; floats as float32."""
    made = [torch.from_numpy(np.ascontiguousarray(a, np.float32 if a.dtype.kind == "f" else None)) for a in arrays]
    if device.type == "cuda":
        made = [tensor.pin_memory() for tensor in made]
    return tuple(tensor.to(device, non_blocking=True) for tensor in made)


def parts(tensors: Sequence[Tensor], batch: int) -> Iterator[tuple[Tensor, ...]]:
    """Slices of tensors (N, ...), `batch` rows at a time; a last incomplete one is left out."""
    for start in range(0, len(tensors[0]) - batch + 1, batch):
        yield tuple(tensor[start : start + batch] for tensor in tensors)


def shifted(
    held: Held, places: Tensor, offsets: Tensor, mirrored: Tensor, padding: int, size: tuple[int, int]
) -> Tensor:
    """The images at `places` (n,) as `pixels.augment` cuts them, normalised: float32 (n, 3, *size), channels last.

    `offsets` int64 (n, 2): row and column of the window in the padded image. `mirrored` bool (n,). Black outside.
    """
    _, height, width, _ = held.images.shape
    rows = offsets[:, :1] - padding + _count(height, places)
    columns = offsets[:, 1:] - padding + _maybe_reversed(width, mirrored)
    seen, inside = _gather(held.images, places, rows, columns)
    pixels = seen.float() * inside[..., None]
    return resized(((pixels - held.mean) * (1 / held.std)).permute(0, 3, 1, 2), size)


def cut_images(
    held: Held, places: Tensor, windows: Tensor, mirrored: Tensor, colour: Tensor, crop: tuple[int, int], largest: int
) -> Tensor:
    """Windows of the images at `places` (n,), as `windows.cut_images` and `windows.recolour` make them: float32
    (n, 3, *crop), normalised, channels last.

    `windows` int64 (n, 4): top, left, height, width; `mirrored` bool (n,); `colour` float32 (n, 3). `largest`: the most
    pixels that a side of a window has. The antialiased bilinear resize is a product with a matrix for the rows and one
    for the columns.
    """
    fill = held.mean.round()
    images = held.images[places].permute(0, 3, 1, 2).float() - fill[:, None, None]  # what lies outside is 0
    _, _, height, width = images.shape
    (top, left, rows, columns), (high, wide) = windows.unbind(1), crop
    down = _resizing(top, rows, high, height, largest)
    across = _resizing(left, columns, wide, width, largest)
    across = torch.where(mirrored[:, None, None], across.flip(1), across)
    pixels = _whole(images @ across.transpose(1, 2)[:, None])  # after each of the two, as on a CPU
    pixels = _whole(down[:, None] @ pixels) + fill[:, None, None]
    return mixed(pixels, colour, held.mean, held.std)


def cut_masks(
    masks: Tensor, places: Tensor, windows: Tensor, mirrored: Tensor, crop: tuple[int, int], void: int
) -> Tensor:
    """The same windows of masks (N, h, w), by the nearest pixel: int64 (n, *crop); `void` outside of an image."""
    (top, left, height, width), (high, wide) = windows.unbind(1), crop
    rows = top[:, None] + (2 * _count(high, places) + 1) * height[:, None] // (2 * high)
    columns = left[:, None] + (2 * _maybe_reversed(wide, mirrored) + 1) * width[:, None] // (2 * wide)
    seen, inside = _gather(masks, places, rows, columns)
    return torch.where(inside, seen.long(), void)


def _gather(images: Tensor, places: Tensor, rows: Tensor, columns: Tensor) -> tuple[Tensor, Tensor]:
    """The pixels of images (N, h, w, ...) at `rows` (n, H) and `columns` (n, W), and which of them there are."""
    height, width = images.shape[1:3]
    near = rows.clamp(0, height - 1)[:, :, None], columns.clamp(0, width - 1)[:, None, :]
    inside = ((rows >= 0) & (rows < height))[:, :, None] & ((columns >= 0) & (columns < width))[:, None, :]
    return images[places[:, None, None], *near], inside


def _resizing(first: Tensor, extent: Tensor, wanted: int, stored: int, largest: int) -> Tensor:
    """What each of `wanted` new places takes from each of `stored` ones, (n, wanted, stored), for windows (n,) that
    begin at `first` and are `extent` long: a triangle as wide as a new pixel, and no narrower than an old one."""
    scale = (extent / wanted)[:, None, None]
    centre, width = (_count(wanted, first)[:, None] + 0.5) * scale, scale.clamp(min=1)

    def share(place: Tensor) -> Tensor:
        triangle = (1 - ((place + 0.5 - centre) / width).abs()).clamp(min=0)
        return torch.where((place >= 0) & (place < extent[:, None, None]), triangle, 0)

    taps = 2 * math.ceil(max(largest / wanted, 1)) + 2  # of a triangle, at most
    whole = share((centre - width).floor() + _count(taps, first)).sum(2, keepdim=True)
    return share(_count(stored, first) - first[:, None, None]) / whole


def _whole(values: Tensor) -> Tensor:
    """Values rounded, halves up."""
    return (values + 0.5).floor()


def _count(number: int, like: Tensor) -> Tensor:
    return torch.arange(number, device=like.device)


def _maybe_reversed(number: int, mirrored: Tensor) -> Tensor:
    """0, 1, ... for each of (n,) images, backwards for those that are mirrored: (n, number)."""
    forwards = _count(number, mirrored)
    return torch.where(mirrored[:, None], number - 1 - forwards, forwards)
