"""Decoded splits as memory-mapped files, made once for each source."""

import hashlib
import json
import math
import os
import shutil
import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import filelock
import numpy as np

from analysis.data.cifar.catalog import SIDE, SPLITS
from analysis.data.cifar.pixels import Pixels
from analysis.data.cifar.stamps import file_digest
from analysis.problem import Problem

FORMAT = 2  # raised when decoding or these files change, so that older entries are left alone
FACTS = "facts.json"
PATIENCE = 900  # seconds to wait for another process that decodes the same source

Decode = Callable[[str], Pixels]


class Facts(NamedTuple):
    """What is known of a split without opening it.

    `digest`: see `Dataset.digest`. `files`: SHA-256 of its images file and its labels file. `mean`, `std`: of
    each channel, in 0 ... 255.
    """

    digest: str
    images: int
    jpeg: bool
    mean: tuple[float, ...]
    std: tuple[float, ...]
    files: tuple[str, ...]


class Cached(NamedTuple):
    """`facts` by split, the training pixels, a function that opens the test split, a remark or ""."""

    facts: dict[str, Facts]
    train: Pixels
    open_test: Callable[[], tuple[np.ndarray, np.ndarray]]
    remark: str


def cached(key: str, decode: Decode, folder: Path) -> Cached:
    """The splits of the source with digest `key`: from the cache, or by `decode(split)` into the cache.

    A damaged entry is decoded anew. With a cache folder that cannot be used, the splits are decoded to memory
    and `remark` says so.

    Raises:
        Problem: what `decode` raises.
    """
    try:
        entry = _prepare(key, decode, folder, "train")
        facts = _read_facts(entry)
        return Cached(facts, _open(entry, "train"), partial(_open_test, key, decode, folder, facts["test"].digest), "")
    except (OSError, NotImplementedError) as error:  # NotImplementedError: a file system without locks
        reason = getattr(error, "strerror", None) or str(error)
        remark = (
            f"nothing was cached, so every start decodes anew: {folder} cannot be used ({reason}); "
            "set MNV2_CACHE_DIR to a folder with space that you may write"
        )
        pixels = {split: decode(split) for split in SPLITS}
        facts = {split: _facts(pixels[split], ("", "")) for split in SPLITS}
        return Cached(facts, pixels["train"], partial(_images_and_labels, pixels["test"]), remark)


def _open_test(key: str, decode: Decode, folder: Path, digest: str) -> tuple[np.ndarray, np.ndarray]:
    try:
        entry = _prepare(key, decode, folder, "test")
        pixels, found = _open(entry, "test"), _read_facts(entry)["test"].digest
    except (OSError, NotImplementedError):
        pixels = decode("test")
        found = _digest(pixels)
    if found != digest:
        raise Problem("the test split changed on disk during the training; restore the original files, run again")
    return _images_and_labels(pixels)


def _images_and_labels(pixels: Pixels) -> tuple[np.ndarray, np.ndarray]:
    return pixels.images, pixels.labels


def _prepare(key: str, decode: Decode, folder: Path, split: str) -> Path:
    """The entry of `key` in the cache, made unless it is whole and the files of `split` are undamaged."""
    entry = folder / "datasets" / f"{key[:32]}-{FORMAT}"
    if not _is_sound(entry, folder, split):
        entry.parent.mkdir(parents=True, exist_ok=True)
        with filelock.FileLock(f"{entry}.lock", timeout=PATIENCE):
            if not _is_sound(entry, folder, split):
                _build(entry, decode)
    return entry


def _is_sound(entry: Path, folder: Path, split: str) -> bool:
    """Whether all files exist and those of `split` are undamaged; opens no file of the other split."""
    try:
        facts = _read_facts(entry)
        found = tuple(file_digest(path, folder / "stamps") for path in _paths(entry, split))
        return found == facts[split].files and all(path.exists() for name in SPLITS for path in _paths(entry, name))
    except (Problem, OSError, ValueError, KeyError, TypeError, AttributeError):
        return False


def _build(entry: Path, decode: Decode) -> None:
    for left in entry.parent.glob(f".{entry.name}.*"):  # of a process that was killed here
        shutil.rmtree(left, ignore_errors=True)
    temporary = Path(tempfile.mkdtemp(dir=entry.parent, prefix=f".{entry.name}."))
    try:
        facts = {}
        for split in SPLITS:
            pixels = decode(split)
            arrays = zip(_paths(temporary, split), _images_and_labels(pixels), strict=True)
            facts[split] = _facts(pixels, tuple(_save(path, array) for path, array in arrays))._asdict()
        (temporary / FACTS).write_text(json.dumps(facts))
        if entry.exists():
            entry.rename(f"{temporary}.damaged")
        temporary.rename(entry)
    finally:
        shutil.rmtree(temporary, ignore_errors=True)
        shutil.rmtree(f"{temporary}.damaged", ignore_errors=True)


def _paths(entry: Path, split: str) -> tuple[Path, Path]:
    return entry / f"{split}_images.npy", entry / f"{split}_labels.npy"


def _save(path: Path, array: np.ndarray) -> str:
    with path.open("w+b") as file:
        np.save(file, array)
        file.flush()
        os.fsync(file.fileno())
        file.seek(0)
        return hashlib.file_digest(file, "sha256").hexdigest()


def _open(entry: Path, split: str) -> Pixels:
    images, labels = _paths(entry, split)
    return Pixels(np.load(images, mmap_mode="r"), np.load(labels))


def _read_facts(entry: Path) -> dict[str, Facts]:
    read: dict[str, dict[str, Any]] = json.loads((entry / FACTS).read_bytes())
    for facts in read.values():
        facts |= {name: tuple(facts[name]) for name in ("mean", "std", "files")}  # lists in JSON
    return {split: Facts(**read[split]) for split in SPLITS}


def _facts(pixels: Pixels, files: tuple[str, ...]) -> Facts:
    mean, std = _moments(pixels.images)
    return Facts(_digest(pixels), len(pixels.labels), pixels.jpeg, mean, std, files)


def _digest(pixels: Pixels) -> str:
    digest = hashlib.sha256(f"{pixels.images.shape}\n".encode())
    digest.update(np.ascontiguousarray(pixels.images).data)
    digest.update(np.ascontiguousarray(pixels.labels, dtype="<i8").data)
    return digest.hexdigest()


def _moments(images: np.ndarray) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """Mean and standard deviation of each channel, from exact sums."""
    total, squares = np.zeros(3, np.uint64), np.zeros(3, np.uint64)
    for start in range(0, len(images), 1000):
        part = images[start : start + 1000].astype(np.uint32)
        total += part.sum((0, 1, 2), dtype=np.uint64)
        squares += (part * part).sum((0, 1, 2), dtype=np.uint64)
    count = len(images) * SIDE * SIDE
    mean = [int(value) / count for value in total]
    variance = [int(value) / count - m * m for value, m in zip(squares, mean, strict=True)]
    return tuple(mean), tuple(math.sqrt(max(value, 0.0)) for value in variance)
