"""Images of ImageNet's classes in a user's folder: with a table of labels, or in a folder for each class."""

import csv
import hashlib
import io
from collections.abc import Sequence
from pathlib import Path
from typing import Literal, NamedTuple, get_args

import numpy as np
from PIL import Image

from analysis.data.images import SUFFIXES, read_image
from analysis.data.reading import reading
from analysis.problem import Problem

Fit = Literal["squash", "crop"]
Filter = Literal["bilinear", "bicubic", "area"]
FILTERS = {"bilinear": Image.Resampling.BILINEAR, "bicubic": Image.Resampling.BICUBIC, "area": Image.Resampling.BOX}
CROP = 0.875  # share of the shorter side that "crop" keeps, as torchvision's and Keras's evaluations do


class Labelled(NamedTuple):
    """Paths of images, their classes (N,), and the number of classes that they are of. `names`: words for a class."""

    paths: tuple[Path, ...]
    classes: np.ndarray
    count: int
    names: dict[int, str]

    @property
    def digest(self) -> str:
        """SHA-256 (hex) of the names, classes and contents of the files.

        Raises:
            Problem: a file cannot be read.
        """
        lines = []
        for path, label in zip(self.paths, self.classes, strict=True):
            with reading(path):
                lines.append(f"{path.name} {label} {hashlib.sha256(path.read_bytes()).hexdigest()}")
        return hashlib.sha256("\n".join(lines).encode(errors="surrogateescape")).hexdigest()


class Look(NamedTuple):
    """How an image becomes a square of `side` pixels.

    - `fit`: "squash", the whole image, its sides scaled apart; "crop", the shorter side scaled to side / 0.875, then
      the middle.
    - `filter`: bilinear or bicubic with support scaled to the reduction, or the mean of areas.
    """

    side: int
    fit: Fit = "squash"
    filter: Filter = "bilinear"

    @property
    def said(self) -> str:
        """In words."""
        how = {"squash": "the whole image", "crop": f"the middle {CROP:.1%} of the shorter side"}[self.fit]
        return f"{how} at {self.side} x {self.side}, {self.filter}"

    def of(self, pixels: np.ndarray) -> np.ndarray:
        """The image (H, W, 3), uint8, at (side, side, 3).

        Raises:
            Problem: an unknown way, or a side below 1.
        """
        if self.fit not in get_args(Fit) or self.filter not in FILTERS or self.side < 1:
            raise Problem(f"no image is made by {self!r}: fit squash or crop, filter {', '.join(FILTERS)}")
        image, method = Image.fromarray(pixels), FILTERS[self.filter]
        if self.fit == "crop":
            width, height = image.size
            scale = self.side / CROP / min(width, height)
            image = image.resize((max(self.side, round(width * scale)), max(self.side, round(height * scale))), method)
            left, top = (image.width - self.side) // 2, (image.height - self.side) // 2
            return np.asarray(image.crop((left, top, left + self.side, top + self.side)))
        return np.asarray(image.resize((self.side, self.side), method))


def find_labelled(folder: Path, labels: Path | None = None, classes: int = 1000) -> Labelled:
    """The images of `folder` with their classes, in the order of the table, or by class and name.

    `labels`: a table with columns file and class (0 to `classes` - 1), and words if it has them. Files are in the
    folder or below it. Without it the folder has a folder for each class, or some of them, called by its number, or
    one for all `classes` in the order of their names, as ImageNet's synsets are.

    Raises:
        Problem: a folder, table or file that is missing, a class that does not exist, or no image.
    """
    if not folder.is_dir():
        raise Problem(f"there is no folder {folder}: name the folder of images with --images")
    found = _by_table(folder, labels, classes) if labels else _by_folder(folder, classes)
    if not found.paths:
        raise Problem(f"{labels or folder} names no images ({', '.join(SUFFIXES)}): give at least one")
    return found


def read_all(paths: Sequence[Path], look: Look) -> np.ndarray:
    """The images at one size, uint8 (N, side, side, 3).

    Raises:
        Problem: a file that is not an image. It names the file.
    """
    made = np.empty((len(paths), look.side, look.side, 3), np.uint8)
    for place, path in enumerate(paths):
        made[place] = look.of(read_image(path))
    return made


def _by_table(folder: Path, labels: Path, classes: int) -> Labelled:
    with reading(labels):
        content = labels.read_bytes()
    try:
        rows = list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))
    except (UnicodeDecodeError, csv.Error) as error:
        raise Problem(f"{labels} is not a table of text ({error}): save it as CSV in UTF-8") from error
    if not rows or not {"file", "class"} <= set(rows[0]):
        raise Problem(f"{labels} lacks the columns file and class: its first line names its columns")
    paths, numbers, names, twice = [], [], {}, set()
    for line, row in enumerate(rows, start=2):
        name, text = row["file"] or "", (row["class"] or "").strip()
        if not text.isdecimal() or int(text) >= classes:
            raise Problem(f"{labels}, line {line}: class {text!r} is not a whole number from 0 to {classes - 1}")
        if name in twice or not name:
            raise Problem(f"{labels}, line {line}: file {name!r} is {'named twice' if name else 'missing'}")
        twice.add(name)
        paths.append(_below(folder, name, f"{labels}, line {line}"))
        numbers.append(int(text))
        if row.get("words"):
            names[int(text)] = str(row["words"])
    return Labelled(tuple(paths), np.array(numbers, np.int64), classes, names)


def _below(folder: Path, name: str, where: str) -> Path:
    """The file of that name in the folder, or in its one folder `val`."""
    path = Path(name)
    if path.is_absolute() or ".." in path.parts:
        raise Problem(f"{where}: file {name!r} is outside the folder of images")
    for place in (folder / path, folder / "val" / path):
        if place.is_file():
            return place
    raise Problem(f"{where}: there is no file {folder / path}")


def _by_folder(folder: Path, classes: int) -> Labelled:
    with reading(folder):
        found = sorted(path for path in folder.iterdir() if path.is_dir() and not path.name.startswith("."))
    if found and all(path.name.isdecimal() for path in found):
        numbered = {path: int(path.name) for path in found}
    elif len(found) == classes:
        numbered = {path: label for label, path in enumerate(found)}
    else:
        raise Problem(
            f"{folder} has {len(found)} folders, neither {classes} nor called by numbers: give --labels labels.csv, or "
            "a folder for each class"
        )
    if wrong := [path for path, label in numbered.items() if label >= classes]:
        raise Problem(f"{wrong[0]} is not called by a class from 0 to {classes - 1}")
    paths, numbers = [], []
    for place, label in numbered.items():
        with reading(place):
            files = sorted(path for path in place.iterdir() if path.suffix.lower() in SUFFIXES)
        paths += files
        numbers += [label] * len(files)
    return Labelled(tuple(paths), np.array(numbers, np.int64), classes, {})
