"""Decoded images with their labels."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from analysis.data.cifar.catalog import SIDE
from analysis.problem import Problem


class Pixels(NamedTuple):
    """`images` uint8 (N, 32, 32, 3), `labels` int64 (N,), `jpeg`: whether an image was stored as JPEG."""

    images: np.ndarray
    labels: np.ndarray
    jpeg: bool = False


def from_planes(planes: np.ndarray) -> np.ndarray:
    """Images (N, 32, 32, 3) from rows of 3072 bytes (N, 3072), colour planes one after the other, as CIFAR's own files
    store them."""
    return np.ascontiguousarray(planes.reshape(-1, 3, SIDE, SIDE).transpose(0, 2, 3, 1))


def joined(parts: list[Pixels]) -> Pixels:
    """The parts, one after the other."""
    images, labels, jpeg = zip(*parts, strict=True)
    return Pixels(np.concatenate(images), np.concatenate(labels), any(jpeg))


def checked_labels(labels: Sequence[int], classes: int, origin: str) -> np.ndarray:
    """The labels as int64 (N,).

    Raises:
        Problem: a label is not in 0 ... classes - 1; it names `origin`.
    """
    for image, label in enumerate(labels):
        if not 0 <= label < classes:
            raise Problem(
                f"{origin}: label {label} of image {image} is not in 0 ... {classes - 1}; "
                "use the original files of this data set"
            )
    return np.array(labels, np.int64)
