"""The layout of image files in a folder for each class: train/cat/0001.png."""

import hashlib
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from analysis.data.cifar.catalog import SIDE, SPLITS, Entry
from analysis.data.cifar.encoded import JPEG_START, decode_image
from analysis.data.cifar.names import label_of
from analysis.data.cifar.pixels import Pixels
from analysis.data.reading import AGAIN, reading
from analysis.problem import Problem

SUFFIXES = (".png", ".jpg", ".jpeg")


def has_class_folders(folder: Path, classes: Sequence[str]) -> bool:
    """Whether `folder`/train holds a folder that is called like a class.

    Raises:
        Problem: it cannot be read.
    """
    place = folder / SPLITS[0]
    with reading(place):
        if not place.is_dir():
            return False
        return any(label_of(path.name, classes) is not None and path.is_dir() for path in place.iterdir())


def list_images(folder: Path, split: str, classes: Sequence[str]) -> tuple[str, ...]:
    """The image files of `folder`/`split`, as paths relative to `folder`, by label and name.

    Hidden files, such as macOS's companions, and files that are not images are passed over.

    Raises:
        Problem: a folder is missing, empty, or of no class, or two are of one.
    """
    place, found = folder / split, {}
    with reading(place):
        for path in sorted(path for path in place.iterdir() if path.is_dir() and not path.name.startswith(".")):
            label = label_of(path.name, classes)
            if label is None:
                raise Problem(f"{path} is not called like a class; is it another data set?")
            if label in found:
                raise Problem(f"{path} and {found[label].name} are of one class; use the original files")
            found[label] = path
        if missing := [name for label, name in enumerate(classes) if label not in found]:
            raise Problem(f"{place} lacks a folder for {', '.join(missing)}; {AGAIN}")
        names = []
        for label in sorted(found):
            files = sorted(path.name for path in found[label].iterdir() if not path.name.startswith("."))
            mine = [f"{split}/{found[label].name}/{name}" for name in files if Path(name).suffix.lower() in SUFFIXES]
            if not mine:
                raise Problem(f"{found[label]} has no images ({', '.join(SUFFIXES)}); {AGAIN}")
            names += mine
    return tuple(names)


def read_images(folder: Path, names: Sequence[str], entry: Entry) -> Pixels:
    """Decode the files that `list_images` found.

    Raises:
        Problem: a file cannot be read, or is not an image of 32 x 32 pixels.
    """
    images, jpeg = np.empty((len(names), SIDE, SIDE, 3), np.uint8), False
    for place, name in enumerate(names):
        with reading(folder / name):
            content = (folder / name).read_bytes()
        images[place] = decode_image(content, str(folder / name))
        jpeg = jpeg or content.startswith(JPEG_START)
    return Pixels(images, np.array([label_of(name.split("/")[1], entry.classes) for name in names], np.int64), jpeg)


def marks(folder: Path, names: Sequence[str]) -> str:
    """SHA-256 (hex) of the names of files, their sizes, times and inodes, which change with their contents. To read
    tens of thousands of small files would take longer than to open the cache of them.

    Raises:
        Problem: a file cannot be read.
    """
    lines = [str(folder.absolute())]
    for name in names:
        with reading(folder / name):
            status = (folder / name).stat()
        lines.append(f"{name} {status.st_size} {status.st_mtime_ns} {status.st_ctime_ns} {status.st_ino}")
    return hashlib.sha256("\n".join(lines).encode(errors="surrogateescape")).hexdigest()
