"""Random windows of images and their masks: scaled, mirrored, with other colours."""

from collections.abc import Iterator

from torch import Tensor

from analysis.data.masks import SegmentationData
from analysis.data.windows import cut_images, cut_masks, draw, recolour
from analysis.tasks.segmentation.recipe import SegmentationRecipe
from analysis.training.streams import Streams


def training_batches(
    data: SegmentationData, recipe: SegmentationRecipe, stream: Streams, whole: tuple[int, int]
) -> Iterator[tuple[Tensor, Tensor]]:
    """One epoch over the training images: float32 (batch, 3, *crop), normalised, and int64 (batch, *crop).

    The order is drawn from `stream.order`, all else from `stream.augment`, for the whole epoch at once. A last
    incomplete batch is left out. `whole`: height and width, in pixels, at which the network is scored.
    """
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
    for start in range(0, len(order) - recipe.batch + 1, recipe.batch):
        part = slice(start, start + recipe.batch)
        chosen, mine = order[part], draws.part(part)
        images = cut_images(data.train_images[chosen], mine, recipe.crop, data.mean)
        masks = cut_masks(data.train_masks[chosen], mine, recipe.crop, len(data.classes))
        yield recolour(images.float(), mine.colour, data.mean, data.std), masks
