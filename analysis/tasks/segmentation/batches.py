"""Random windows of images and their masks: scaled, mirrored, with other colours."""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor

from analysis.data import held
from analysis.data.held import Held
from analysis.data.masks import SegmentationData
from analysis.data.windows import Draws, cut_images, cut_masks, draw, recolour, sides_of
from analysis.tasks.segmentation.recipe import SegmentationRecipe
from analysis.training.streams import Streams


def training_batches(
    data: SegmentationData, recipe: SegmentationRecipe, stream: Streams, whole: tuple[int, int]
) -> Iterator[tuple[Tensor, Tensor]]:
    """One epoch over the training images: float32 (batch, 3, *crop), normalised, and int64 (batch, *crop).

    The order is drawn from `stream.order`, all else from `stream.augment`, for the whole epoch at once. A last
    incomplete batch is left out. `whole`: height and width, in pixels, at which the network is scored.
    """
    order, draws = drawn(data, recipe, stream, whole)
    for start in range(0, len(order) - recipe.batch + 1, recipe.batch):
        part = slice(start, start + recipe.batch)
        chosen, mine = order[part], draws.part(part)
        images = cut_images(data.train_images[chosen], mine, recipe.crop, data.mean)
        masks = cut_masks(data.train_masks[chosen], mine, recipe.crop, len(data.classes))
        yield recolour(images.float(), mine.colour, data.mean, data.std), masks


def drawn(
    data: SegmentationData, recipe: SegmentationRecipe, stream: Streams, whole: tuple[int, int]
) -> tuple[np.ndarray, Draws]:
    """What `training_batches` draws for an epoch: the images in their order, int64 (N,), and their windows."""
    order = stream.order.permutation(len(data.train_masks))
    draws = draw(
        stream.augment,
        len(order),
        data.size,
        whole,
        crop=recipe.crop,
        scales=recipe.scales,
        flip=recipe.flip,
        colour=recipe.colour,
    )
    return order, draws


class HeldScenes(NamedTuple):
    """Training images and their masks, uint8 (N, h, w), on an accelerator. `largest`: pixels of a window's side, at
    most."""

    images: Held
    masks: Tensor
    largest: int

    @classmethod
    def of(
        cls, data: SegmentationData, recipe: SegmentationRecipe, whole: tuple[int, int], device: torch.device
    ) -> "HeldScenes":
        """The training images of the data set on `device`."""
        largest = sides_of(np.array(recipe.scales[:1]), data.size, whole, recipe.crop).max()
        images = held.hold(data.train_images, data.mean, data.std, device)
        return cls(images, torch.tensor(data.train_masks).to(device), int(largest))

    def batches(
        self, data: SegmentationData, recipe: SegmentationRecipe, stream: Streams, whole: tuple[int, int]
    ) -> Iterator[tuple[Tensor, ...]]:
        """One epoch as in `training_batches`, of which only the numbers that were drawn come: images int64 (batch,),
        and the fields of Draws, all on the device."""
        order, draws = drawn(data, recipe, stream, whole)
        yield from held.parts(held.move((order, *draws), self.masks.device), recipe.batch)

    def examples(self, batch: tuple[Tensor, ...], crop: tuple[int, int], void: int) -> tuple[Tensor, Tensor]:
        """The batch that was drawn as numbers: float32 (batch, 3, *crop) and int64 (batch, *crop)."""
        places, windows, mirrored, colour = batch
        images = held.cut_images(self.images, places, windows, mirrored, colour, crop, self.largest)
        return images, held.cut_masks(self.masks, places, windows, mirrored, crop, void)
