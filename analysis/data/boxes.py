"""Images with boxes as a training sees them."""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import NamedTuple

import numpy as np

from analysis.data.finished import Finished
from analysis.data.masks import by_area, shades
from analysis.data.reading import reading
from analysis.data.voc import Files, listed, read_image, read_objects
from analysis.problem import Problem

SPLITS = ("train", "val", "test")
BCCD = ("RBC", "WBC", "Platelets")


class Pictures(NamedTuple):
    """`images` uint8 (N, h, w, 3) at the working size; for each, `boxes` float32 (n, 4) with left, top, right, bottom
    as fractions of width and height, and `labels` int64 (n,); `mended`: what was put right in the annotations."""

    images: np.ndarray
    boxes: list[np.ndarray]
    labels: list[np.ndarray]
    mended: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)
class DetectionData:
    """Images and boxes; the test split stays shut until a training has finished.

    - `digest`: identity of the files, SHA-256 (hex) of the digests of train, val and test, each the SHA-256 of the
      names and digests of its files. The working size plays no part in it.
    - `note`: what every table made from it must say, else "".
    - `classes`: names in the order of the labels.
    - `mean`, `std`: of each colour channel over all training pixels, in 0 ... 255.
    """

    name: str
    digest: str
    note: str
    classes: tuple[str, ...]
    train: Pictures
    validation: Pictures
    mean: tuple[float, ...]
    std: tuple[float, ...]
    _open_test: Callable[[], Pictures] = field(repr=False)

    @property
    def train_images(self) -> np.ndarray:
        """The images to train on, uint8 (N, h, w, 3)."""
        return self.train.images

    @property
    def remark(self) -> str:
        """What was put right in the annotations of train and val, in one line; "" where nothing was."""
        mended = [*self.train.mended, *self.validation.mended]
        more = f"; and {len(mended) - 3} more" if len(mended) > 3 else ""
        return f"annotations mended: {'; '.join(mended[:3])}{more}" if mended else ""

    def test(self, certificate: Finished) -> Pictures:
        """The test split; its files are decoded here and nowhere else.

        Raises:
            TypeError: `certificate` is no Finished.
            Problem: the training it certifies is not over.
        """
        if type(certificate) is not Finished:
            raise TypeError(f"the test split opens with a Finished certificate, not {type(certificate).__name__}")
        if not 0 < certificate.planned == certificate.steps:
            raise Problem(f"the test split stays shut: {certificate.steps} of {certificate.planned} steps are done")
        return self._open_test()


def load_detection(
    folder: Path, size: tuple[int, int], classes: tuple[str, ...] = BCCD, name: str = "bccd"
) -> DetectionData:
    """The PASCAL VOC folder's splits train, val and test: Annotations, ImageSets/Main, JPEGImages.

    `size`: working height and width; images get there by area, whatever their aspect, and boxes, which are fractions,
    with them.

    Raises:
        Problem: what `listed`, `read_image` and `read_objects` refuse; an image in two splits.
    """
    files = {split: listed(folder, split) for split in SPLITS}
    seen: dict[Path, str] = {}
    for split, found in files.items():
        for image, _ in found:
            if image in seen:
                raise Problem(f"{image.stem} is in both {seen[image]}.txt and {split}.txt; keep it in one")
            seen[image] = split
    digests = {split: _digest(found) for split, found in files.items()}
    train, validation = (_decode(files[split], size, classes) for split in ("train", "val"))
    mean, std = shades(train.images)
    return DetectionData(
        name=name,
        digest=hashlib.sha256("".join(digests[split] for split in SPLITS).encode()).hexdigest(),
        note="JPEG images" if any(f.image.suffix.lower() in (".jpg", ".jpeg") for f in files["train"]) else "",
        classes=classes,
        train=train,
        validation=validation,
        mean=mean,
        std=std,
        _open_test=partial(_open_test, files["test"], digests["test"], size, classes),
    )


def _decode(files: list[Files], size: tuple[int, int], classes: Sequence[str]) -> Pictures:
    images, boxes, labels, mended = np.empty((len(files), *size, 3), np.uint8), [], [], []
    for place, (image, annotation) in enumerate(files):
        pixels = read_image(image)
        objects = read_objects(annotation, pixels.shape[:2], classes)
        images[place] = by_area(pixels, size)
        boxes.append(objects.boxes)
        labels.append(objects.labels)
        mended.extend(objects.mended)
    return Pictures(images, boxes, labels, tuple(mended))


def _open_test(files: list[Files], digest: str, size: tuple[int, int], classes: Sequence[str]) -> Pictures:
    if _digest(files) != digest:
        raise Problem("the test split changed on disk during the training; restore the original files, run again")
    return _decode(files, size, classes)


def _digest(files: list[Files]) -> str:
    lines = []
    for path in (path for pair in files for path in pair):
        with reading(path):
            lines.append(f"{path.name} {hashlib.sha256(path.read_bytes()).hexdigest()}")
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()
