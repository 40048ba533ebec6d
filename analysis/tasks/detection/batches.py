"""Random windows of images and their boxes: scaled, mirrored, with other colours."""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor

from analysis.data import held
from analysis.data.boxes import DetectionData
from analysis.data.held import Held
from analysis.data.windows import Draws, cut_images, draw, recolour, sides_of
from analysis.tasks.detection.recipe import DetectionRecipe
from analysis.training.streams import Streams

Batch = tuple[Tensor, list[Tensor], list[Tensor]]  # images, boxes and labels of each


def through_window(
    boxes: np.ndarray, window: np.ndarray, mirrored: bool, size: tuple[int, int], visible: float
) -> tuple[np.ndarray, np.ndarray]:
    """Boxes (n, 4), corners as fractions of an image of `size` (h, w), as fractions of a window of it.

    `window`: top, left, height, width in the image's pixels. A box is clipped to the window, and kept where at least
    the share `visible` of its area is inside. Also returned: which were kept, bool (n,).
    """
    top, left, height, width = window.tolist()
    scale, shift = (size[1] / width, size[0] / height) * 2, (left / width, top / height) * 2
    moved = boxes * np.array(scale, np.float32) - np.array(shift, np.float32)
    if mirrored:
        moved = np.stack([1 - moved[:, 2], moved[:, 1], 1 - moved[:, 0], moved[:, 3]], 1)
    clipped = moved.clip(0, 1)
    areas = [(b[:, 2] - b[:, 0]) * (b[:, 3] - b[:, 1]) for b in (clipped, moved)]
    kept = (areas[0] >= visible * areas[1]) & (clipped[:, :2] < clipped[:, 2:]).all(1)
    return clipped[kept], kept


def training_batches(
    data: DetectionData, recipe: DetectionRecipe, stream: Streams, size: tuple[int, int]
) -> Iterator[Batch]:
    """One epoch over the training images: float32 (batch, 3, *size), normalised; boxes and labels of each image.

    The order is drawn from `stream.order`, all else from `stream.augment`, for the whole epoch at once. What a window
    shows beyond its image has the mean colour. A last incomplete batch is left out. `size`: (height, width).
    """
    images = data.train.images
    order, draws = drawn(data, recipe, stream, size)
    for start in range(0, len(order) - recipe.batch + 1, recipe.batch):
        part = slice(start, start + recipe.batch)
        chosen, mine = order[part], draws.part(part)
        pixels = cut_images(images[chosen], mine, size, data.mean)
        seen = [_seen(data, place, mine, i, recipe.visible) for i, place in enumerate(chosen)]
        boxes, labels = ([torch.from_numpy(values) for values in each] for each in zip(*seen, strict=True))
        yield recolour(pixels.float(), mine.colour, data.mean, data.std), boxes, labels


def drawn(
    data: DetectionData, recipe: DetectionRecipe, stream: Streams, size: tuple[int, int]
) -> tuple[np.ndarray, Draws]:
    """What `training_batches` draws for an epoch: the images in their order, int64 (N,), and their windows. `size`:
    (height, width) in pixels."""
    order = stream.order.permutation(len(data.train.images))
    draws = draw(
        stream.augment,
        len(order),
        data.size,
        size,
        crop=size,
        scales=recipe.zoom,
        flip=recipe.flip,
        colour=recipe.colour,
    )
    return order, draws


def _seen(data: DetectionData, place: int, draws: Draws, i: int, visible: float) -> tuple[np.ndarray, np.ndarray]:
    """Boxes and labels of the training image `place` that the window `i` shows."""
    boxes, kept = through_window(data.train.boxes[place], draws.windows[i], bool(draws.mirrored[i]), data.size, visible)
    return boxes, data.train.labels[place][kept]


class HeldPictures(NamedTuple):
    """Training images on an accelerator. `largest`: pixels of a window's side, at most; `most`: boxes of an image, at
    most."""

    images: Held
    largest: int
    most: int

    @classmethod
    def of(
        cls, data: DetectionData, recipe: DetectionRecipe, size: tuple[int, int], device: torch.device
    ) -> "HeldPictures":
        """The training images of the data set on `device`. `size`: (height, width) in pixels."""
        largest = sides_of(np.array(recipe.zoom[:1]), data.size, size, size).max()
        images = held.hold(data.train.images, data.mean, data.std, device)
        return cls(images, int(largest), max(1, *map(len, data.train.boxes)))

    def batches(
        self, data: DetectionData, recipe: DetectionRecipe, stream: Streams, size: tuple[int, int]
    ) -> Iterator[tuple[Tensor, ...]]:
        """One epoch as in `training_batches`, of which only numbers come, all on the device: images int64 (batch,), the
        fields of Draws, and what the windows show, boxes float32 (batch, most, 4) and labels int64 (batch, most). Boxes
        that are not there are 0. `size`: (height, width) in pixels."""
        order, draws = drawn(data, recipe, stream, size)
        boxes, labels = np.zeros((len(order), self.most, 4), np.float32), np.zeros((len(order), self.most), np.int64)
        for i, place in enumerate(order):
            seen, of = _seen(data, place, draws, i, recipe.visible)
            boxes[i, : len(seen)], labels[i, : len(seen)] = seen, of
        yield from held.parts(held.move((order, *draws, boxes, labels), self.images.images.device), recipe.batch)

    def examples(self, batch: tuple[Tensor, ...], size: tuple[int, int]) -> tuple[Tensor, Tensor, Tensor]:
        """The batch that was drawn as numbers: images float32 (batch, 3, *size), boxes (batch, most, 4), labels
        (batch, most). `size`: (height, width) in pixels."""
        places, windows, mirrored, colour, boxes, labels = batch
        images = held.cut_images(self.images, places, windows, mirrored, colour, size, self.largest)
        return images, boxes, labels
