"""Random windows of images and their masks: scaled, mirrored, with other colours."""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor
from torch.nn.functional import interpolate

from analysis.data.masks import SegmentationData, nearest
from analysis.tasks.segmentation.recipe import SegmentationRecipe
from analysis.training.streams import Streams


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
    recipe: SegmentationRecipe,
    stored: tuple[int, int],
    whole: tuple[int, int],
) -> Draws:
    """Draw for `count` images of the size `stored`, which a network sees at the size `whole` when it is scored.

    A window of scale s covers crop / (s * whole / stored) stored pixels and lies anywhere inside the image; where it
    is larger than the image, anywhere around it. The same numbers are drawn whether or not they are used.
    """
    low, high = np.log(recipe.scales)
    scale = np.exp(generator.uniform(low, high, count))
    places = generator.random((count, 2))
    mirrored = (generator.random(count) < 0.5) & recipe.flip
    colour = 1 + recipe.colour * generator.uniform(-1, 1, (count, 3))
    sides = np.array(recipe.crop) * np.array(stored) / np.array(whole) / scale[:, None]
    sides = np.maximum(1, np.rint(sides).astype(np.int64))
    corners = np.rint(places * (np.array(stored) - sides)).astype(np.int64)
    return Draws(np.hstack([corners, sides]), mirrored, colour)


def cut(
    images: np.ndarray, masks: np.ndarray, draws: Draws, crop: tuple[int, int], fill: tuple[float, ...], void: int
) -> tuple[Tensor, Tensor]:
    """The windows of images (N, h, w, 3) and masks (N, h, w), resized to `crop` and mirrored: uint8, int64.

    Images (N, 3, H, W), channels last, by antialiased bilinear interpolation, masks (N, H, W) by the nearest pixel.
    What lies outside an image has the colour `fill` and is `void`.
    """
    count, height, width = masks.shape
    pixels, classes = np.empty((count, *crop, 3), np.uint8), np.empty((count, *crop), np.int64)
    for i, (top, left, h, w) in enumerate(draws.windows.tolist()):
        rows, columns = slice(max(top, 0), min(top + h, height)), slice(max(left, 0), min(left + w, width))
        image, mask = images[i, rows, columns], masks[i, rows, columns]
        if mask.shape != (h, w):
            inside = slice(rows.start - top, rows.stop - top), slice(columns.start - left, columns.stop - left)
            padded, padded_mask = np.empty((h, w, 3), np.uint8), np.full((h, w), void, masks.dtype)
            padded[:] = np.rint(fill).astype(np.uint8)
            padded[inside], padded_mask[inside] = image, mask
            image, mask = padded, padded_mask
        step = -1 if draws.mirrored[i] else 1
        planes = torch.tensor(image).permute(2, 0, 1)[None]
        resized = interpolate(planes, crop, mode="bilinear", antialias=True) if (h, w) != crop else planes
        pixels[i] = resized[0].permute(1, 2, 0).numpy()[:, ::step]
        classes[i] = nearest(mask, crop)[:, ::step]
    return torch.from_numpy(pixels).permute(0, 3, 1, 2), torch.from_numpy(classes)


def recolour(
    images: Tensor, colour: np.ndarray, mean: tuple[float, ...] = (0.0,) * 3, std: tuple[float, ...] = (1.0,) * 3
) -> Tensor:
    """Images (N, 3, H, W), float32, with other brightness, contrast, saturation: `colour` (N, 3); then, by channel,
    (value - mean) / std. Channels last.

    Contrast moves values away from the image's mean m, saturation away from the pixel's mean over its channels g,
    brightness multiplies: b (g' + s (x' - g')), x' = m + c (x - m). Values are not clipped, so that all of it is one
    3 x 3 matrix and one shift an image.
    """
    brightness, contrast, saturation = torch.from_numpy(colour).float().T[..., None, None]
    level = images.mean((1, 2, 3)).view(-1, 1, 1)
    mixing = brightness * contrast * (saturation * torch.eye(3) + (1 - saturation) / 3) / torch.tensor(std)
    shift = (brightness * (1 - contrast) * level - torch.tensor(mean)) / torch.tensor(std)
    pixels = images.permute(0, 2, 3, 1)
    return torch.baddbmm(shift, pixels.flatten(1, 2), mixing).view(pixels.shape).permute(0, 3, 1, 2)


def training_batches(
    data: SegmentationData, recipe: SegmentationRecipe, stream: Streams, whole: tuple[int, int]
) -> Iterator[tuple[Tensor, Tensor]]:
    """One epoch over the training images: float32 (batch, 3, *crop), normalised, and int64 (batch, *crop).

    The order is drawn from `stream.order`, all else from `stream.augment`, for the whole epoch at once. A last
    incomplete batch is left out.
    """
    order = stream.order.permutation(len(data.train_masks))
    draws = draw(stream.augment, len(order), recipe, data.size, whole)
    for start in range(0, len(order) - recipe.batch + 1, recipe.batch):
        part = slice(start, start + recipe.batch)
        chosen = order[part]
        images, masks = cut(
            data.train_images[chosen],
            data.train_masks[chosen],
            draws.part(part),
            recipe.crop,
            data.mean,
            len(data.classes),
        )
        yield recolour(images.float(), draws.colour[part], data.mean, data.std), masks


def standardise(images: Tensor, data: SegmentationData) -> Tensor:
    """(value - mean) / std by channel, (N, 3, H, W), channels last."""
    mean, std = (torch.tensor(values)[:, None, None] for values in (data.mean, data.std))
    return ((images - mean) / std).contiguous(memory_format=torch.channels_last)
