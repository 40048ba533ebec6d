"""Images with masks."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import NamedTuple

import numpy as np

from analysis.data.finished import TestSplit
from analysis.data.folder import SPLITS, decode_splits
from analysis.data.images import stored_bits
from analysis.data.mask_files import Pair, has_class, pairs, read_pair
from analysis.data.pixels import by_area, shades
from analysis.data.windows import nearest

# The 11 classes of CamVid as its 480 x 360 copies number them (arXiv:1511.00561); 11 is void.
CAMVID = (
    *("sky", "building", "pole", "road", "pavement", "tree"),
    *("sign", "fence", "car", "pedestrian", "bicyclist"),
)


class Scenes(NamedTuple):
    """`images` uint8 (N, h, w, 3) at the working size; `masks` uint8, one (H, W) an image, at the size of its file."""

    images: np.ndarray
    masks: list[np.ndarray]


@dataclass(frozen=True, eq=False)
class SegmentationData:
    """Images and masks.

    - `digest`, `note`: see `analysis.data.folder.Splits`.
    - `classes`: names in the order of the indices; len(classes) means void in all masks here.
    - `train_images` uint8 (N, h, w, 3), `train_masks` uint8 (N, h, w): both at the working size.
    - `mean`, `std`: of each colour channel over all training pixels, in 0 ... 255.
    - `test`: the Scenes of the test split, for a finished training.
    """

    name: str
    digest: str
    note: str
    classes: tuple[str, ...]
    train_images: np.ndarray
    train_masks: np.ndarray
    validation: Scenes
    mean: tuple[float, ...]
    std: tuple[float, ...]
    test: TestSplit[Scenes]

    @property
    def size(self) -> tuple[int, int]:
        """Working height and width, in pixels."""
        return self.train_masks.shape[1], self.train_masks.shape[2]

    def pixels(self) -> np.ndarray:
        """Training pixels of each class at the working size, void left out: int64 (K,)."""
        count = len(self.classes)
        return np.bincount(self.train_masks.reshape(-1), minlength=count + 1)[:count]


def load_segmentation(
    folder: Path,
    size: tuple[int, int],
    classes: tuple[str, ...] = CAMVID,
    name: str = "camvid",
    void: int | None = None,
) -> SegmentationData:
    """The folder's splits train, val and test: images in `SPLIT`, index masks of the same stems in `SPLIT`annot.

    Values 0 ... K - 1 of a mask are `classes`, `void` (by default K) is not a class. `size`: working height and width.
    Images get there by area, training masks by the nearest pixel; those that are scored against keep their size.
    Images of more than 8 bits are read with the `stored_bits` of all splits.

    Raises:
        Problem: what `pairs` and `read_pair` refuse, a split whose masks are all void.
    """
    void = len(classes) if void is None else void
    files = {split: pairs(folder, split) for split in SPLITS}
    bits = stored_bits([pair.image for split in SPLITS for pair in files[split]])
    decode = partial(_decode, size=size, classes=len(classes), void=void, bits=bits)
    splits = decode_splits(files, decode, partial(has_class, classes=len(classes), void=void))
    mean, std = shades(splits.train.images)
    return SegmentationData(
        name=name,
        digest=splits.digest,
        note=splits.note,
        classes=classes,
        train_images=splits.train.images,
        train_masks=np.stack([nearest(mask, size) for mask in splits.train.masks]),
        validation=splits.validation,
        mean=mean,
        std=std,
        test=splits.test,
    )


def _decode(files: Sequence[Pair], size: tuple[int, int], classes: int, void: int, bits: int | None) -> Scenes:
    images, masks = np.empty((len(files), *size, 3), np.uint8), []
    for place, pair in enumerate(files):
        image, mask = read_pair(pair, classes, void, bits)
        images[place] = by_area(image, size)
        masks.append(mask)
    return Scenes(images, masks)
