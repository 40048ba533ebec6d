"""Where a data set is read from, and in which layout."""

import hashlib
import re
from pathlib import Path
from stat import S_ISDIR
from typing import NamedTuple

from analysis.data.cifar.archive import read_members
from analysis.data.cifar.batches import read_binary, read_python
from analysis.data.cifar.catalog import CATALOG, Entry
from analysis.data.cifar.parquet import read_parquet
from analysis.data.cifar.pixels import Pixels, joined
from analysis.data.cifar.stamps import file_digest
from analysis.data.reading import AGAIN, reading
from analysis.problem import Problem

SHARD = re.compile(r"(train|test)-(\d{5})-of-(\d{5})\.parquet")


class Source(NamedTuple):
    """A data set on disk. `layout`: "parquet", "python" or "binary".

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
        """SHA-256 (hex) of the files; see `file_digest` for `memory`."""
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
            Problem: a file cannot be read, is damaged, or holds something else.
        """
        pixels = joined(self._parts(self.train if split == "train" else self.test))
        if not len(pixels.labels):
            raise Problem(f"{self.words} has no {split} images; {AGAIN}")
        return pixels

    def _parts(self, names: tuple[str, ...]) -> list[Pixels]:
        entry = CATALOG[self.name]
        if self.layout == "parquet":
            return [read_parquet(self.place / name, entry) for name in names]
        read = read_python if self.layout == "python" else read_binary
        if self.archive:
            contents = read_members(self.place, names)
            return [read(contents[name], entry, f"{self.place}: {name}") for name in names]
        return [read(_content(self.place / name), entry, str(self.place / name)) for name in names]


def find(name: str, place: Path) -> Source:
    """The data set `name` in the folder `place`, in its usual subfolders, or the archive `place` itself.

    Raises:
        Problem: nothing is there, or a part is missing.
    """
    entry = CATALOG[name]
    with reading(place):
        if not S_ISDIR(place.stat().st_mode):
            return _archive(name, entry, place)
        for folder in (
            place,
            place / "plain_text",
            place / name,
            place / name / "plain_text",
            place / "data",
        ):
            found = _parquet(name, folder) or _batches(name, entry, folder)
            if found:
                return found
    raise Problem(
        f"{place} holds no {name}: neither plain_text/train-*.parquet nor {entry.python[0]}, "
        f"{entry.python[1]}, {entry.binary[0]} or {entry.binary[1]}; point to the folder that has one of them"
    )


def _parquet(name: str, folder: Path) -> Source | None:
    shards: dict[str, list[str]] = {"train": [], "test": []}
    for path in sorted(folder.iterdir()) if folder.is_dir() else ():  # glob would skip what it may not read
        match = SHARD.fullmatch(path.name)
        if match:
            shards[match[1]].append(path.name)
    if not (shards["train"] or shards["test"]):
        return None
    for split, names in shards.items():
        count = int(names[0][-13:-8]) if names else 1
        expected = [f"{split}-{shard:05d}-of-{count:05d}.parquet" for shard in range(count)]
        _complain(folder, [shard for shard in expected if shard not in names])
    return Source(name, "parquet", folder, tuple(shards["train"]), tuple(shards["test"]))


def _batches(name: str, entry: Entry, folder: Path) -> Source | None:
    for layout, (subfolder, archive, train, test) in (("python", entry.python), ("binary", entry.binary)):
        for place in (folder / subfolder, folder):
            missing = [file for file in (*train, test) if not (place / file).is_file()]
            if len(missing) <= len(train):
                _complain(place, missing)
                return Source(name, layout, place, train, (test,))
        if (folder / archive).is_file():
            return _archive(name, entry, folder / archive)
    return None


def _archive(name: str, entry: Entry, path: Path) -> Source:
    for layout, (_, archive, train, test) in (("python", entry.python), ("binary", entry.binary)):
        if path.name == archive:
            return Source(name, layout, path, train, (test,), archive=True)
    raise Problem(f"{path} is not {entry.python[1]} or {entry.binary[1]}; point to one of these, or to a folder")


def _complain(folder: Path, missing: list[str]) -> None:
    if missing:
        raise Problem(f"{folder} lacks {', '.join(missing)}; complete it, or point to another copy")


def _content(path: Path) -> bytes:
    with reading(path):
        return path.read_bytes()
