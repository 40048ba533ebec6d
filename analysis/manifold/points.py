"""Point sets in d dimensions, in order along the set, to send through a matrix and ReLU."""

import math
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from analysis.arch.text import known
from analysis.problem import Problem

Array = NDArray[np.floating[Any]]
Indices = NDArray[np.signedinteger[Any]]

TURNS = 2.5
LIMIT, MOST_DIMENSIONS = 256, 32  # of a user's set: time and memory grow with the square of both


def spiral(count: int) -> Array:
    """An Archimedean spiral round the origin, radius up to 1: (count, 2), about evenly spaced along the curve."""
    t = np.sqrt(np.linspace(0.01, 1.0, count))
    angle = 2 * np.pi * TURNS * t
    return np.stack([t * np.cos(angle), t * np.sin(angle)], axis=1)


def circle(count: int) -> Array:
    """The unit circle: (count, 2), evenly spaced."""
    angle = 2 * np.pi * np.arange(count) / count
    return np.stack([np.cos(angle), np.sin(angle)], axis=1)


def swiss_roll(count: int) -> Array:
    """A rolled-up sheet in 3-D, centred, radius up to 1: (count, 3), in order along the roll."""
    t = 1.5 * np.pi * (1 + 2 * np.linspace(0, 1, count))
    height = 21.0 * (np.arange(count) * (math.sqrt(5) - 1) / 2 % 1.0)  # golden-ratio steps spread evenly
    roll = np.stack([t * np.cos(t), height, t * np.sin(t)], axis=1)
    roll -= roll.mean(axis=0)
    return roll / np.linalg.norm(roll, axis=1).max()


POINT_SETS = {"spiral": spiral, "circle": circle, "swiss_roll": swiss_roll}


def point_set(name: str, count: int = 128) -> Array:
    """The named set with `count` points, or the points of a file `NAME.npy`, at most LIMIT of them: (points, d).

    A longer file is thinned evenly, because distances between all pairs are taken.

    Raises:
        Problem: an unknown name, fewer than 3 points, or a file that `load_array`, the shape (points, d) or the limit
            on d refuses.
    """
    if not name.endswith(".npy"):
        if count < 3:
            raise Problem(f"{count} points make no curve: take at least 3")
        return POINT_SETS[known(name, POINT_SETS, "point set (or the path of a .npy file)")](count)
    points = load_array(Path(name))
    if points.ndim != 2 or points.shape[0] < 3 or not 1 <= points.shape[1] <= MOST_DIMENSIONS:
        raise Problem(
            f"{name} holds an array of shape {points.shape}: give (points, dimensions), at least 3 points of at most "
            f"{MOST_DIMENSIONS} dimensions"
        )
    if not np.ptp(points, axis=0).any():
        raise Problem(f"{name} holds one point {points.shape[0]} times over: give a set of distinct points")
    return points[np.linspace(0, len(points) - 1, min(len(points), LIMIT)).round().astype(int)]


def load_array(path: Path) -> Array:
    """A numeric array of any shape from a .npy file, as float64. Nothing in the file is executed: pickled objects
    are refused.

    Raises:
        Problem: no such file, not a .npy file, objects or text or complex numbers in it, a value that is not finite.
    """
    try:
        with path.open("rb") as file:
            array = np.lib.format.read_array(file, allow_pickle=False)
    except (OSError, ValueError, EOFError, MemoryError) as error:
        reason = getattr(error, "strerror", None) or "not a plain .npy file of numbers"
        raise Problem(f"cannot read {path}: {reason}; save a float array with numpy.save") from error
    if array.dtype.kind not in "fiu":
        raise Problem(f"{path} does not hold real numbers; save a float array with numpy.save")
    if not np.isfinite(array).all():
        raise Problem(f"{path} holds values that are NaN or infinite; remove those points")
    return array.astype(np.float64)
