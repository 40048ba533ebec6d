"""CIFAR's own files: pickled batches and binary records."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from analysis.data.cifar.catalog import SIDE, Entry
from analysis.data.cifar.pixels import Pixels, checked_labels, from_planes
from analysis.data.cifar.unpickle import Array, load_plain
from analysis.data.reading import AGAIN, decoded_text
from analysis.problem import Problem

PIXELS = 3 * SIDE * SIDE


def read_python(content: bytes, entry: Entry, origin: str) -> Pixels:
    """Decode a pickled batch: {"data": uint8 (N, 3072), "labels" or "fine_labels": N whole numbers}.

    Raises:
        Problem: damaged, hostile, or without these keys and shapes; it names `origin`.
    """
    batch = load_plain(content, origin)
    key = entry.label[1]
    if not isinstance(batch, Mapping):
        raise Problem(f"{origin} holds no batch but {type(batch).__name__}; {AGAIN}")
    batch = {_text(name): value for name, value in batch.items()}
    for wanted in ("data", key):
        if wanted not in batch:
            raise Problem(f"{origin} has no {wanted!r}, only {', '.join(map(str, batch))}; is it another data set?")
    planes, labels = batch["data"], batch[key]
    if not isinstance(planes, Array) or len(planes.shape) != 2 or planes.shape[1] != PIXELS:
        raise Problem(f"{origin}: 'data' is not an array of bytes with rows of {PIXELS}; {AGAIN}")
    if not _are_labels(labels) or len(labels) != planes.shape[0]:
        raise Problem(f"{origin}: {key!r} is not a list of {planes.shape[0]} whole numbers; {AGAIN}")
    pixels = np.frombuffer(planes.content, np.uint8).reshape(planes.shape, order="F" if planes.fortran else "C")
    return Pixels(from_planes(pixels), checked_labels(labels, len(entry.classes), origin))


def _are_labels(value: Any) -> bool:
    return isinstance(value, list) and all(type(label) is int for label in value)


def class_names(content: bytes, key: str, origin: str) -> list[str]:
    """Names of the classes in the file next to the batches: pickled under `key`, or without a key one a line.

    Raises:
        Problem: damaged, hostile, or without such names. It names `origin`.
    """
    if not key:
        return [line.strip() for line in decoded_text(content, origin).splitlines() if line.strip()]
    found = load_plain(content, origin)
    found = {_text(name): value for name, value in found.items()} if isinstance(found, Mapping) else {}
    if not isinstance(names := found.get(key), list):
        raise Problem(f"{origin} has no list {key!r} of the names of classes; {AGAIN}")
    return list(map(_text, names))


def _text(value: Any) -> str:
    return value.decode("latin1") if isinstance(value, bytes) else str(value)


def read_binary(content: bytes, entry: Entry, origin: str) -> Pixels:
    """Decode binary records: label byte (CIFAR-100: coarse, then fine), then 3072 bytes of colour planes.

    Raises:
        Problem: not a whole number of records, or a label out of range; it names `origin`.
    """
    length = entry.label_offset + 1 + PIXELS
    if not content or len(content) % length:
        raise Problem(f"{origin} has {len(content)} bytes, not whole records of {length}: cut or another file; {AGAIN}")
    records = np.frombuffer(content, np.uint8).reshape(-1, length)
    labels = checked_labels(records[:, entry.label_offset].tolist(), len(entry.classes), origin)
    return Pixels(from_planes(records[:, entry.label_offset + 1 :]), labels)
