"""What folders of images with boxes and folders of images with masks share: splits, digest, classes, place."""

import hashlib
import os
import re
from collections.abc import Callable, Hashable, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any, Generic, NamedTuple, TypeVar

from analysis.data.finished import TestSplit
from analysis.data.reading import read_lines, reading
from analysis.problem import Problem

SPLITS = ("train", "val", "test")
JPEG = (".jpg", ".jpeg")
VOID = re.compile(r"void\s*[=:]?\s*(\d+)", re.IGNORECASE)  # a line of classes.txt

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


def decode_splits(
    files: Mapping[str, Sequence[Files]],
    decode: Callable[[Sequence[Any]], Content],
    is_labelled: Callable[[Any], bool] = lambda _: True,
) -> Splits[Content]:
    """Decode train and val now, test when a finished training asks for it; `files` by the names in SPLITS.

    `is_labelled`: whether a pair of files has anything to learn or to score. It is asked of each split until one has.

    A training that cannot be scored is lost work. So each pair of test is decoded once here too, and dropped.

    Raises:
        Problem: what `decode` and `is_labelled` raise, a file that cannot be read, a split without labels.
    """
    digests = {split: files_digest(files[split]) for split in SPLITS}
    for split in SPLITS:
        if not any(map(is_labelled, files[split])):
            place, count = files[split][0][1].parent, len(files[split])
            raise Problem(f"{split} has nothing to learn or score: all {count} labels in {place} are empty; label some")
    train, validation = decode(files["train"]), decode(files["val"])
    for pair in files["test"]:
        decode([pair])

    def read_test() -> Content:
        if files_digest(files["test"]) != digests["test"]:
            raise Problem("the test split changed on disk during the training; restore the original files, run again")
        return decode(files["test"])

    return Splits(
        train,
        validation,
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
    return _named(folder, _class_lines(folder), classes)


def classes_and_void(folder: Path, classes: int) -> tuple[tuple[str, ...], int | None]:
    """`class_names`, and the value that a line "void = 255" of classes.txt names for void, or None.

    Raises:
        Problem: as `class_names`. Also two such lines, or one with the number of a class or above 65535.
    """
    lines = _class_lines(folder)
    values = [int(match[1]) for line in lines if (match := VOID.fullmatch(line))]
    names = _named(folder, [line for line in lines if not VOID.fullmatch(line)], classes)
    if len(values) > 1 or not all(classes <= value <= 65535 for value in values):
        stated = ", ".join(map(str, values))
        raise Problem(f"{folder}/classes.txt names {stated} as void; name one value from {classes} to 65535")
    return names, values[0] if values else None


def _class_lines(folder: Path) -> list[str]:
    try:
        return read_lines(folder / "classes.txt")
    except Problem as problem:
        raise Problem(f"{folder}/classes.txt cannot be read ({problem}): give it a line for each class") from problem


def _named(folder: Path, names: Sequence[str], classes: int) -> tuple[str, ...]:
    if len(names) != classes:
        raise Problem(f"{folder}/classes.txt has {len(names)} classes, the network {classes}: make them agree")
    if twice := sorted({name for name in names if names.count(name) > 1}):
        raise Problem(f"{folder}/classes.txt names {twice[0]} more than once; give each class a name of its own")
    return tuple(names)


@lru_cache(maxsize=1)
def remembered(load: Callable[..., Content], *arguments: Hashable) -> Content:
    """What `load(*arguments)` gives, kept in memory: all trials of a sweep train on the same images."""
    return load(*arguments)
