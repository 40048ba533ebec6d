"""Loading a data set by its name."""

import hashlib
import os
from functools import partial
from pathlib import Path

from analysis.data.cifar import synthetic
from analysis.data.cifar.cache import Cached, cached
from analysis.data.cifar.catalog import CATALOG, NAMES, SPLITS
from analysis.data.cifar.download import ARCHIVES, Progress, fetch
from analysis.data.cifar.source import Source, find
from analysis.data.finished import TestSplit
from analysis.data.labels import Dataset
from analysis.files import cache_folder
from analysis.problem import Problem


def load_dataset(
    name: str,
    data_dir: str | Path | None = None,
    download: bool = True,
    *,
    train: int = 50_000,
    test: int = 10_000,
    progress: Progress | None = None,
) -> Dataset:
    """The data set `name`: "cifar10", "cifar100" or "synthetic", decoded once to the user's cache.

    CIFAR is read from `data_dir`, else from the folder in CIFAR10_DIR or CIFAR100_DIR, else from an earlier
    download, else downloaded, with `progress(bytes done, bytes in all)`. `train`, `test`: number of synthetic
    images.

    Raises:
        Problem: unknown name; no data, or data that are damaged, incomplete or of another kind.
    """
    _check_name(name)
    if name == "synthetic":
        if min(train, test) < 1:
            raise Problem(f"cannot generate {train} + {test} images; both splits need at least one")
        key = hashlib.sha256(f"synthetic {synthetic.VERSION} {train} {test}".encode()).hexdigest()
        splits = cached(key, partial(synthetic.generate_split, {"train": train, "test": test}), cache_folder())
        return _dataset(name, synthetic.CLASSES, "SYNTHETIC", splits)
    source = _find(name, data_dir)
    if source is None:
        if not download:
            raise Problem(_ways(name, "there is none here, and downloading is off"))
        try:
            path = fetch(name, cache_folder() / "downloads", progress)
        except Problem as problem:
            raise Problem(_ways(name, str(problem))) from problem
        source = find(name, path)
    entry = CATALOG[name]
    splits = cached(source.digest(cache_folder() / "stamps"), source.read, cache_folder())
    counts = tuple(splits.facts[split].images for split in SPLITS)
    notes = ["JPEG copy"] if any(splits.facts[split].jpeg for split in SPLITS) else []
    if counts != entry.sizes:
        notes.append(f"partial: {counts[0]} + {counts[1]} images")
    return _dataset(name, entry.classes, ", ".join(notes), splits)


def locate(name: str, data_dir: str | Path | None = None) -> str | None:
    """Where `load_dataset` would read `name` from, in words; None if it would download it. Reads no file.

    Raises:
        Problem: unknown name; a folder was named that lacks the data.
    """
    _check_name(name)
    if name == "synthetic":
        return "generated from a seed"
    source = _find(name, data_dir)
    return source.words if source else None


def _check_name(name: str) -> None:
    if name not in NAMES:
        raise Problem(f"unknown data set {name!r}; known are {', '.join(NAMES)}")


def _find(name: str, data_dir: str | Path | None) -> Source | None:
    place = data_dir or os.environ.get(CATALOG[name].variable)
    if place:
        return find(name, Path(place).expanduser())
    downloaded = cache_folder() / "downloads" / CATALOG[name].python[1]
    return find(name, downloaded) if downloaded.is_file() else None


def _ways(name: str, reason: str) -> str:
    entry = CATALOG[name]
    return (
        f"no {name} data: {reason}; download {ARCHIVES[name].mirrors[0]} yourself, or set {entry.variable} "
        f"(or --data-dir) to a folder with the parquet files, {entry.python[0]} or {entry.binary[0]}, "
        "or use --dataset synthetic"
    )


def _dataset(name: str, classes: tuple[str, ...], note: str, splits: Cached) -> Dataset:
    facts = splits.facts
    return Dataset(
        name=name,
        digest=hashlib.sha256("".join(facts[split].digest for split in SPLITS).encode()).hexdigest(),
        note=note,
        remark=splits.remark,
        classes=classes,
        train_images=splits.train.images,
        train_labels=splits.train.labels,
        mean=facts["train"].mean,
        std=facts["train"].std,
        test=TestSplit(splits.open_test),
    )
