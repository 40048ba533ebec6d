"""Images with boxes."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import NamedTuple

import numpy as np

from analysis.data.finished import TestSplit
from analysis.data.folder import SPLITS, Files, decode_splits
from analysis.data.images import read_image, stored_bits, turned, upright_size
from analysis.data.pixels import by_area, shades
from analysis.data.voc import listed, read_objects
from analysis.problem import Problem

BCCD = ("RBC", "WBC", "Platelets")


class Pictures(NamedTuple):
    """`images` uint8 (N, h, w, 3) at the working size; for each, `boxes` float32 (n, 4) with left, top, right, bottom
    as fractions of width and height, and `labels` int64 (n,). `corrected`: what was put right in the annotations."""

    images: np.ndarray
    boxes: list[np.ndarray]
    labels: list[np.ndarray]
    corrected: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)
class DetectionData:
    """Images and boxes.

    - `digest`, `note`: see `analysis.data.folder.Splits`.
    - `classes`: names in the order of the labels.
    - `mean`, `std`: of each colour channel over all training pixels, in 0 ... 255.
    - `test`: the Pictures of the test split, for a finished training.
    """

    name: str
    digest: str
    note: str
    classes: tuple[str, ...]
    train: Pictures
    validation: Pictures
    mean: tuple[float, ...]
    std: tuple[float, ...]
    test: TestSplit[Pictures]

    @property
    def train_images(self) -> np.ndarray:
        """The images to train on, uint8 (N, h, w, 3)."""
        return self.train.images

    @property
    def size(self) -> tuple[int, int]:
        """Working height and width, in pixels."""
        return self.train.images.shape[1], self.train.images.shape[2]

    @property
    def remark(self) -> str:
        """What was put right in the annotations of train and val, in one line; "" where nothing was."""
        corrected = [*self.train.corrected, *self.validation.corrected]
        more = f"; and {len(corrected) - 3} more" if len(corrected) > 3 else ""
        return f"annotations corrected: {'; '.join(corrected[:3])}{more}" if corrected else ""


def load_detection(
    folder: Path, size: tuple[int, int], classes: tuple[str, ...] = BCCD, name: str = "bccd"
) -> DetectionData:
    """The PASCAL VOC folder's splits train, val and test: Annotations, ImageSets/Main, JPEGImages.

    `size`: working height and width. Images get there by area, whatever their aspect, and boxes, which are fractions,
    with them. Images of more than 8 bits are read with the `stored_bits` of all splits.

    Raises:
        Problem: what `listed`, `read_image` and `read_objects` refuse, an image in two splits, a split without objects.
    """
    files = {split: listed(folder, split) for split in SPLITS}
    seen: dict[Path, str] = {}
    for split, found in files.items():
        for image, _ in found:
            if image in seen:
                raise Problem(f"{image.stem} is in both {seen[image]}.txt and {split}.txt; keep it in one")
            seen[image] = split
    bits = stored_bits([image for split in SPLITS for image, _ in files[split]])
    decode = partial(_decode, size=size, classes=classes, bits=bits)
    splits = decode_splits(files, decode, partial(_has_objects, classes=classes))
    mean, std = shades(splits.train.images)
    return DetectionData(
        name=name,
        digest=splits.digest,
        note=splits.note,
        classes=classes,
        train=splits.train,
        validation=splits.validation,
        mean=mean,
        std=std,
        test=splits.test,
    )


def _has_objects(files: Files, classes: Sequence[str]) -> bool:
    image, annotation = files
    return len(read_objects(annotation, upright_size(image), classes, turned(image)).labels) > 0


def _decode(files: Sequence[Files], size: tuple[int, int], classes: Sequence[str], bits: int | None) -> Pictures:
    images, boxes, labels, corrected = np.empty((len(files), *size, 3), np.uint8), [], [], []
    for place, (image, annotation) in enumerate(files):
        pixels = read_image(image, bits)
        objects = read_objects(annotation, pixels.shape[:2], classes, turned(image))
        images[place] = by_area(pixels, size)
        boxes.append(objects.boxes)
        labels.append(objects.labels)
        corrected.extend(objects.corrected)
    return Pictures(images, boxes, labels, tuple(corrected))
