"""Channels that are positive at a pixel: what their histogram says."""

from typing import NamedTuple

import numpy as np

from analysis.manifold.points import Array, Indices


class Spread(NamedTuple):
    """Least, 0.1 % quantile, mean, most and standard deviation (divisor n) of counts."""

    least: int
    low: int
    mean: float
    most: int
    sd: float


def histogram(chosen: Array) -> Indices:
    """How many rows of the Boolean array (pixels, channels) have 0, 1, ... channels true."""
    return np.bincount(chosen.sum(axis=1), minlength=chosen.shape[1] + 1)


def spread(counts: Indices) -> Spread:
    """The Spread of a histogram. Its 0.1 % quantile is the least count with that share of pixels at or below it."""
    total, values = int(counts.sum()), np.arange(len(counts))
    there = np.flatnonzero(counts)
    mean = float(counts @ values) / total
    sd = float(np.sqrt(counts @ (values - mean) ** 2 / total))
    low = int(np.searchsorted(np.cumsum(counts), 0.001 * total))
    return Spread(int(there[0]), low, mean, int(there[-1]), sd)


def share_below(counts: Indices, threshold: int) -> float:
    """Share of pixels with fewer than `threshold` channels true."""
    return float(counts[:threshold].sum() / counts.sum())
