"""Where a data set is read from, and in which layout."""

import hashlib
import re
from pathlib import Path
from stat import S_ISDIR
from typing import NamedTuple

from analysis.data.cifar.archive import read_members
from analysis.data.cifar.batches import class_names, read_binary, read_python
from analysis.data.cifar.catalog import CATALOG, NAMED, SPLITS, Entry
from analysis.data.cifar.class_folders import has_class_folders, list_images, marks, read_images
from analysis.data.cifar.names import check_names
from analysis.data.cifar.parquet import read_parquet
from analysis.data.cifar.pixels import Pixels, joined
from analysis.data.cifar.stamps import file_digest
from analysis.data.reading import AGAIN, reading, refuse_stand_in
from analysis.problem import Problem

SHARD = re.compile(r"(train|test)-(\d{5})-of-(\d{5})(-[0-9a-f]+)?\.parquet")
PART = re.compile(r"\d{4,5}\.parquet")  # train/0000.parquet, as the hub converts data sets


CLASS_FOLDERS = "class folders"


class Source(NamedTuple):
    """A data set on disk. `layout`: "parquet", "python", "binary" or "class folders".

    `place`: folder, or with `archive` the file that holds all others. `train`, `test`: names of the files.
    """

    name: str
    layout: str
    place: Path
    train: tuple[str, ...]
    test: tuple[str, ...]
    archive: bool = False

    @property
    def words(self) -> str:
        """The source, for a person."""
        return f"{self.place} ({self.layout}{' archive' if self.archive else ''})"

    def digest(self, memory: Path) -> str:
        """SHA-256 (hex) of the files. See `file_digest` for `memory`, and `marks` for folders of images."""
        if self.layout == CLASS_FOLDERS:
            return hashlib.sha256(f"{self.name} {marks(self.place, self.train + self.test)}".encode()).hexdigest()
        paths = [self.place] if self.archive else [self.place / name for name in (*self.train, *self.test)]
        lines = [
            self.name,
            self.layout,
            *self.train,
            "|",
            *self.test,
            *(file_digest(path, memory) for path in paths),
        ]
        return hashlib.sha256("\n".join(lines).encode()).hexdigest()

    def read(self, split: str) -> Pixels:
        """Decode "train" or "test".

        Raises:
            Problem: a file cannot be read, is damaged, holds something else, more images than the data set has, or
            classes of other names.
        """
        pixels = joined(self._parts(self.train if split == "train" else self.test))
        count, most = len(pixels.labels), CATALOG[self.name].sizes[SPLITS.index(split)]
        if not count:
            raise Problem(f"{self.words} has no {split} images; {AGAIN}")
        if count > most:
            raise Problem(f"{self.words} has {count:,} {split} images, not {most:,}; is it another data set?")
        return pixels

    def _parts(self, names: tuple[str, ...]) -> list[Pixels]:
        entry = CATALOG[self.name]
        if self.layout == CLASS_FOLDERS:
            return [read_images(self.place, names, entry)]
        if self.layout == "parquet":
            return [read_parquet(self.place / name, entry) for name in names]
        read = read_python if self.layout == "python" else read_binary
        stated, key = NAMED[self.name][self.layout]
        if self.archive:
            contents = read_members(self.place, names, (stated,))
        else:
            found = [*names, *([stated] if (self.place / stated).is_file() else [])]
            contents = {name: _content(self.place / name) for name in found}
        origin = {name: f"{self.place}: {name}" if self.archive else str(self.place / name) for name in contents}
        if stated in contents:
            check_names(class_names(contents[stated], key, origin[stated]), entry.classes, origin[stated])
        return [read(contents[name], entry, origin[name]) for name in names]


def find(name: str, place: Path) -> Source:
    """The data set `name` in the folder `place`, in its usual subfolders, or the archive `place` itself.

    Raises:
        Problem: nothing is there, or a part is missing.
    """
    entry = CATALOG[name]
    with reading(place):
        if not S_ISDIR(place.stat().st_mode):
            return _archive(name, entry, place)
        for folder in (place, *(place / inner for inner in _usual(name))):
            found = _parquet(name, folder) or _batches(name, entry, folder) or _class_folders(name, entry, folder)
            if found:
                return found
    raise Problem(
        f"{place} holds no {name}: neither plain_text/train-*.parquet nor {entry.python[0]}, "
        f"{entry.python[1]}, {entry.binary[0]}, {entry.binary[1]} or train/{entry.classes[0]}; "
        "point to the folder that has one of them"
    )


def _usual(name: str) -> tuple[str, ...]:
    """Folders in which libraries keep a data set, below the one that people name."""
    inner = ("plain_text", "default", "data")
    return (*inner, name, *(f"{name}/{each}" for each in (*inner, name)))


def _parquet(name: str, folder: Path) -> Source | None:
    shards: dict[str, list[str]] = {"train": [], "test": []}
    for path in sorted(folder.iterdir()) if folder.is_dir() else ():  # glob would skip what it may not read
        match = SHARD.fullmatch(path.name)
        if match:
            shards[match[1]].append(path.name)
        elif path.name in shards and path.is_dir():
            shards[path.name] += [f"{path.name}/{part.name}" for part in sorted(path.iterdir()) if _is_part(part)]
    if not (shards["train"] or shards["test"]):
        return None
    for split, names in shards.items():
        _complain(folder, _missing_shards(split, names))
    return Source(name, "parquet", folder, tuple(shards["train"]), tuple(shards["test"]))


def _is_part(path: Path) -> bool:
    return PART.fullmatch(path.name) is not None


def _missing_shards(split: str, names: list[str]) -> list[str]:
    """Names of the files that a split lacks, from those that are there.

    Raises:
        Problem: two files are the same part of it.
    """
    matches = [SHARD.fullmatch(name) for name in names]
    found = [int(match[2]) if match else int(Path(name).stem) for name, match in zip(names, matches, strict=True)]
    if twice := [name for place, name in enumerate(names) if found[place] in found[:place]]:
        raise Problem(f"{', '.join(names)}: {twice[0]} is there twice; point to a folder with one copy")
    if not any(matches) and names:
        width = len(Path(names[0]).stem)
        return [f"{split}/{part:0{width}d}.parquet" for part in range(max(found)) if part not in found]
    count = max((int(match[3]) for match in matches if match), default=1)
    return [f"{split}-{part:05d}-of-{count:05d}.parquet" for part in range(count) if part not in found]


def _class_folders(name: str, entry: Entry, folder: Path) -> Source | None:
    if not has_class_folders(folder, entry.classes):
        return None
    train, test = (list_images(folder, split, entry.classes) for split in SPLITS)
    return Source(name, CLASS_FOLDERS, folder, train, test)


def _batches(name: str, entry: Entry, folder: Path) -> Source | None:
    for layout, (subfolder, _, train, test) in (("python", entry.python), ("binary", entry.binary)):
        for place in (folder / subfolder, folder / f"{subfolder}-target" / subfolder, folder):
            missing = [file for file in (*train, test) if not (place / file).is_file()]
            if len(missing) <= len(train):
                _complain(place, missing)
                return Source(name, layout, place, train, (test,))
        for path in sorted(folder.iterdir()) if folder.is_dir() else ():
            if _layout(entry, path.name) == layout and path.is_file():
                return _archive(name, entry, path)
    return None


def _layout(entry: Entry, file: str) -> str | None:
    """The layout of the archive called `file`: by its publisher's name, or by Keras's, which is that of the folder."""
    for layout, (subfolder, archive, _, _) in (("python", entry.python), ("binary", entry.binary)):
        stems = "|".join(map(re.escape, (subfolder, archive.removesuffix(".tar.gz"))))
        if re.fullmatch(rf"({stems})(-target)?(\.tar\.gz|\.tgz|\.tar|_archive)", file):
            return layout
    return None


def _archive(name: str, entry: Entry, path: Path) -> Source:
    for layout, (_, _, train, test) in (("python", entry.python), ("binary", entry.binary)):
        if _layout(entry, path.name) == layout:
            return Source(name, layout, path, train, (test,), archive=True)
    raise Problem(f"{path} is not {entry.python[1]} or {entry.binary[1]}; point to one of these, or to a folder")


def _complain(folder: Path, missing: list[str]) -> None:
    if missing:
        raise Problem(f"{folder} lacks {', '.join(missing)}; complete it, or point to another copy")


def _content(path: Path) -> bytes:
    with reading(path):
        content = path.read_bytes()
    refuse_stand_in(content, str(path))
    return content
