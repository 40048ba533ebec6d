"""What folders of images with boxes and folders of images with masks share: splits, digest, classes, place."""

import hashlib
import os
from collections.abc import Callable, Hashable, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any, Generic, NamedTuple, TypeVar

from analysis.data.finished import TestSplit
from analysis.data.reading import reading
from analysis.problem import Problem

SPLITS = ("train", "val", "test")
JPEG = (".jpg", ".jpeg")

Files = tuple[Path, Path]  # an image, and the file that says what it shows
Content = TypeVar("Content")


class Splits(NamedTuple, Generic[Content]):
    """The decoded splits of a folder.

    - `digest`: identity of the files, SHA-256 (hex) of the digests of train, val and test, each the SHA-256 of the
      names and digests of its files. The working size plays no part in it.
    - `note`: what every table made from it must say, else "".
    """

    train: Content
    validation: Content
    test: TestSplit[Content]
    digest: str
    note: str


def decode_splits(files: Mapping[str, Sequence[Files]], decode: Callable[[Sequence[Any]], Content]) -> Splits[Content]:
    """Decode train and val now, test when a finished training asks for it; `files` by the names in SPLITS.

    Raises:
        Problem: what `decode` raises; a file that cannot be read.
    """
    digests = {split: files_digest(files[split]) for split in SPLITS}

    def read_test() -> Content:
        if files_digest(files["test"]) != digests["test"]:
            raise Problem("the test split changed on disk during the training; restore the original files, run again")
        return decode(files["test"])

    return Splits(
        decode(files["train"]),
        decode(files["val"]),
        TestSplit(read_test),
        hashlib.sha256("".join(digests[split] for split in SPLITS).encode()).hexdigest(),
        "JPEG images" if any(image.suffix.lower() in JPEG for image, _ in files["train"]) else "",
    )


def files_digest(files: Sequence[Files]) -> str:
    """SHA-256 (hex) of the names and digests of the files.

    Raises:
        Problem: a file cannot be read.
    """
    lines = []
    for path in (path for pair in files for path in pair):
        with reading(path):
            lines.append(f"{path.name} {hashlib.sha256(path.read_bytes()).hexdigest()}")
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def find_folder(name: str, data_dir: str | Path | None) -> Path:
    """The folder of the data set `name`: `data_dir`, or what its environment variable names (CAMVID_DIR).

    Raises:
        Problem: neither is given.
    """
    variable = f"{name.upper()}_DIR"
    place = data_dir or os.environ.get(variable)
    if not place:
        raise Problem(f"no {name} data: name its folder with --data-dir or {variable}; it cannot be downloaded")
    return Path(place).expanduser()


def class_names(folder: Path, classes: int) -> tuple[str, ...]:
    """The classes of a user's own data: the lines of its classes.txt.

    Raises:
        Problem: the file cannot be read, or has not as many names as the network has `classes`.
    """
    try:
        names = tuple((folder / "classes.txt").read_text().split("\n"))
    except (OSError, UnicodeDecodeError) as error:
        raise Problem(f"{folder}/classes.txt cannot be read ({error}): give it a line for each class") from error
    found = tuple(name.strip() for name in names if name.strip())
    if len(found) != classes:
        raise Problem(f"{folder}/classes.txt has {len(found)} classes, the network {classes}: make them agree")
    return found


@lru_cache(maxsize=1)
def remembered(load: Callable[..., Content], *arguments: Hashable) -> Content:
    """What `load(*arguments)` gives, kept in memory: all trials of a sweep train on the same images."""
    return load(*arguments)
