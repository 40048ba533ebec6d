"""Images with masks as a training sees them."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import NamedTuple

import numpy as np
import torch
from torch.nn.functional import interpolate

from analysis.data.finished import Finished
from analysis.data.mask_files import Pair, pairs, read_pair
from analysis.data.reading import reading
from analysis.problem import Problem

SPLITS = ("train", "val", "test")
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
    """Images and masks; the test split stays shut until a training has finished.

    - `digest`: identity of the files, SHA-256 (hex) of the digests of train, val and test, each the SHA-256 of the
      names and digests of its files. The working size plays no part in it.
    - `note`: what every table made from it must say, else "".
    - `classes`: names in the order of the indices; len(classes) stands for void in all masks here.
    - `train_images` uint8 (N, h, w, 3), `train_masks` uint8 (N, h, w): both at the working size.
    - `mean`, `std`: of each colour channel over all training pixels, in 0 ... 255.
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
    _open_test: Callable[[], Scenes] = field(repr=False)

    @property
    def size(self) -> tuple[int, int]:
        """Working height and width."""
        return self.train_masks.shape[1], self.train_masks.shape[2]

    def pixels(self) -> np.ndarray:
        """Training pixels of each class at the working size, void left out: int64 (K,)."""
        count = len(self.classes)
        return np.bincount(self.train_masks.reshape(-1), minlength=count + 1)[:count]

    def test(self, certificate: Finished) -> Scenes:
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


def load_segmentation(
    folder: Path,
    size: tuple[int, int],
    classes: tuple[str, ...] = CAMVID,
    void: int | None = None,
    name: str = "camvid",
) -> SegmentationData:
    """The folder's splits train, val and test: images in `SPLIT`, index masks of the same stems in `SPLIT`annot.

    Values 0 ... K - 1 of a mask are `classes`, `void` (by default K) is no class. `size`: working height and width;
    images get there by area, training masks by the nearest pixel; those that are scored against keep their size.

    Raises:
        Problem: what `pairs` and `read_pair` refuse.
    """
    void = len(classes) if void is None else void
    files = {split: pairs(folder, split) for split in SPLITS}
    digests = {split: _digest(found) for split, found in files.items()}
    train, validation = (_decode(files[split], size, len(classes), void) for split in ("train", "val"))
    mean, std = shades(train.images)
    return SegmentationData(
        name=name,
        digest=hashlib.sha256("".join(digests[split] for split in SPLITS).encode()).hexdigest(),
        note="JPEG images" if any(p.image.suffix.lower() in (".jpg", ".jpeg") for p in files["train"]) else "",
        classes=classes,
        train_images=train.images,
        train_masks=np.stack([nearest(mask, size) for mask in train.masks]),
        validation=validation,
        mean=mean,
        std=std,
        _open_test=partial(_open_test, files["test"], digests["test"], size, len(classes), void),
    )


def shades(images: np.ndarray) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """Mean and standard deviation of each channel of images (N, h, w, 3), uint8; from counts of the 256 values, which
    takes no second copy of the images. A channel of one value has a deviation of 1e-3, so that one may divide by it."""
    values = np.arange(256)
    counts = [np.bincount(images[..., channel].reshape(-1), minlength=256) for channel in range(3)]
    mean = [float(np.average(values, weights=each)) for each in counts]
    variance = [np.average((values - m) ** 2, weights=each) for m, each in zip(mean, counts, strict=True)]
    return tuple(mean), tuple(max(float(np.sqrt(v)), 1e-3) for v in variance)


def nearest(mask: np.ndarray, size: tuple[int, int]) -> np.ndarray:
    """A mask (H, W) at another size; each pixel takes the value at its own centre."""
    rows, columns = ((np.arange(n) * 2 + 1) * old // (2 * n) for n, old in zip(size, mask.shape, strict=True))
    return mask[rows[:, None], columns]


def by_area(image: np.ndarray, size: tuple[int, int]) -> np.ndarray:
    """An image (H, W, 3) of uint8 at another size; each pixel is the mean of the area that it covers, rounded."""
    if size == image.shape[:2]:
        return image
    planes = torch.tensor(image).permute(2, 0, 1)[None].float()
    return interpolate(planes, size, mode="area")[0].round().byte().permute(1, 2, 0).numpy()


def _decode(files: list[Pair], size: tuple[int, int], classes: int, void: int) -> Scenes:
    images, masks = np.empty((len(files), *size, 3), np.uint8), []
    for place, pair in enumerate(files):
        image, mask = read_pair(pair, classes, void)
        images[place] = by_area(image, size)
        masks.append(mask)
    return Scenes(images, masks)


def _open_test(files: list[Pair], digest: str, size: tuple[int, int], classes: int, void: int) -> Scenes:
    if _digest(files) != digest:
        raise Problem("the test split changed on disk during the training; restore the original files, run again")
    return _decode(files, size, classes, void)


def _digest(files: list[Pair]) -> str:
    lines = []
    for path in (path for pair in files for path in pair):
        with reading(path):
            lines.append(f"{path.name} {hashlib.sha256(path.read_bytes()).hexdigest()}")
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()
