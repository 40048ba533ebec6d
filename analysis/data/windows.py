"""Random windows of images and of what belongs to them: scaled, mirrored, with other colours."""

from typing import Any, NamedTuple

import numpy as np
import torch
from torch import Tensor
from torch.nn.functional import interpolate


class Draws(NamedTuple):
    """What is drawn for N images.

    `windows` int64 (N, 4): top, left, height, width in pixels of the stored image, partly outside of it where a
    window is larger. `mirrored` bool (N,). `colour` float (N, 3): factors of brightness, contrast, saturation.
    """

    windows: np.ndarray
    mirrored: np.ndarray
    colour: np.ndarray

    def part(self, which: slice) -> "Draws":
        """Those of some of the images."""
        return Draws(*(values[which] for values in self))


def draw(
    generator: np.random.Generator,
    count: int,
    stored: tuple[int, int],
    whole: tuple[int, int],
    *,
    crop: tuple[int, int],
    scales: tuple[float, float],
    flip: bool,
    colour: float,
) -> Draws:
    """Draw for `count` images of the size `stored`, which a network sees at the size `whole` when it is scored.

    A window of scale s, log-uniform in `scales`, covers crop / (s * whole / stored) stored pixels and lies anywhere
    inside the image. Where it is larger than the image, it lies anywhere around it. `flip`: mirror half of the images.
    `colour`: largest relative change of brightness, contrast and saturation each. The same numbers are drawn whether or
    not they are used. All sizes are (height, width) in pixels.
    """
    low, high = np.log(scales)
    scale = np.exp(generator.uniform(low, high, count))
    places = generator.random((count, 2))
    mirrored = (generator.random(count) < 0.5) & flip
    factors = 1 + colour * generator.uniform(-1, 1, (count, 3))
    sides = sides_of(scale, stored, whole, crop)
    corners = np.rint(places * (np.array(stored) - sides)).astype(np.int64)
    return Draws(np.hstack([corners, sides]), mirrored, factors)


def sides_of(scale: np.ndarray, stored: tuple[int, int], whole: tuple[int, int], crop: tuple[int, int]) -> np.ndarray:
    """Height and width, int64 (N, 2), of windows of the scales (N,). See `draw`."""
    sides = np.array(crop) * np.array(stored) / np.array(whole) / scale[:, None]
    return np.maximum(1, np.rint(sides).astype(np.int64))


def cut_images(images: np.ndarray, draws: Draws, crop: tuple[int, int], fill: tuple[float, ...]) -> Tensor:
    """The windows of images (N, h, w, 3), resized to `crop` by antialiased bilinear interpolation and mirrored: uint8
    (N, 3, H, W), channels last. What lies outside an image has the colour `fill`."""
    pixels, colour = np.empty((len(images), *crop, 3), np.uint8), np.rint(fill).astype(np.uint8)
    for i, window in enumerate(draws.windows.tolist()):
        planes = torch.tensor(_window(images[i], window, colour)).permute(2, 0, 1)[None]
        fits = tuple(planes.shape[2:]) == crop
        seen = planes if fits else interpolate(planes, crop, mode="bilinear", antialias=True)
        pixels[i] = seen[0].permute(1, 2, 0).numpy()[:, :: _step(draws, i)]
    return torch.from_numpy(pixels).permute(0, 3, 1, 2)


def cut_masks(masks: np.ndarray, draws: Draws, crop: tuple[int, int], void: int) -> Tensor:
    """The same windows of masks (N, h, w), resized by the nearest pixel: int64 (N, H, W). What lies outside an image is
    `void`."""
    classes = np.empty((len(masks), *crop), np.int64)
    for i, window in enumerate(draws.windows.tolist()):
        classes[i] = nearest(_window(masks[i], window, void), crop)[:, :: _step(draws, i)]
    return torch.from_numpy(classes)


def nearest(mask: np.ndarray, size: tuple[int, int]) -> np.ndarray:
    """A mask (H, W) at another size; each pixel takes the value at its own centre."""
    rows, columns = ((np.arange(n) * 2 + 1) * old // (2 * n) for n, old in zip(size, mask.shape, strict=True))
    return mask[rows[:, None], columns]


def recolour(
    images: Tensor, colour: np.ndarray, mean: tuple[float, ...] = (0.0,) * 3, std: tuple[float, ...] = (1.0,) * 3
) -> Tensor:
    """Images (N, 3, H, W), float32, with other brightness, contrast, saturation: `colour` (N, 3). Then, by channel,
    (value - mean) / std. Channels last. See `mixed`."""
    return mixed(images, torch.from_numpy(colour).float(), torch.tensor(mean), torch.tensor(std))


def mixed(images: Tensor, colour: Tensor, mean: Tensor, std: Tensor) -> Tensor:
    """`recolour` with tensors of the images' device: `colour` float32 (N, 3), `mean` and `std` float32 (3,).

    Contrast moves values away from the image's mean m, saturation away from the pixel's mean over its channels g,
    brightness multiplies: b (g' + s (x' - g')), x' = m + c (x - m). Values are not clipped, so that all of it is one
    3 x 3 matrix and one shift an image.
    """
    brightness, contrast, saturation = colour.T[..., None, None]
    level = images.mean((1, 2, 3)).view(-1, 1, 1)
    same = torch.eye(3, device=images.device)
    mixing = brightness * contrast * (saturation * same + (1 - saturation) / 3) / std
    shift = (brightness * (1 - contrast) * level - mean) / std
    pixels = images.permute(0, 2, 3, 1)
    return torch.baddbmm(shift, pixels.flatten(1, 2), mixing).view(pixels.shape).permute(0, 3, 1, 2)


def _window(stored: np.ndarray, window: list[int], fill: Any) -> np.ndarray:
    """The window (top, left, height, width) of an image or a mask, with `fill` outside of it."""
    top, left, h, w = window
    height, width = stored.shape[:2]
    rows, columns = slice(max(top, 0), min(top + h, height)), slice(max(left, 0), min(left + w, width))
    seen = stored[rows, columns]
    if seen.shape[:2] == (h, w):
        return seen
    padded = np.empty((h, w, *stored.shape[2:]), stored.dtype)
    padded[:] = fill
    padded[rows.start - top : rows.stop - top, columns.start - left : columns.stop - left] = seen
    return padded


def _step(draws: Draws, i: int) -> int:
    return -1 if draws.mirrored[i] else 1
