"""Random windows of images and their boxes: scaled, mirrored, with other colours."""

from collections.abc import Iterator

import numpy as np
import torch
from torch import Tensor

from analysis.data.boxes import DetectionData
from analysis.data.windows import cut_images, draw, recolour
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
    order = stream.order.permutation(len(images))
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
    for start in range(0, len(order) - recipe.batch + 1, recipe.batch):
        part = slice(start, start + recipe.batch)
        chosen, mine = order[part], draws.part(part)
        pixels = cut_images(images[chosen], mine, size, data.mean)
        boxes, labels = [], []
        for i, place in enumerate(chosen):
            seen, kept = through_window(
                data.train.boxes[place], mine.windows[i], bool(mine.mirrored[i]), data.size, recipe.visible
            )
            boxes.append(torch.from_numpy(seen))
            labels.append(torch.from_numpy(data.train.labels[place][kept]))
        yield recolour(pixels.float(), mine.colour, data.mean, data.std), boxes, labels
