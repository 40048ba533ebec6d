"""Theorem 1 of appendix A: the mean share of volume that ReLU(Bx) collapses to a lower dimension.

On the points with a given sign pattern of Bx the map is linear with the positive rows of B, so it keeps the dimension
n iff those have rank n. Sign-symmetric rows make each of the 2^m patterns of a point x != 0 equally likely. Where
any n rows are independent, rank n means at least n positive coordinates. The collapsed share is therefore
P(Binomial(m, 1/2) < n) = sum_{k < n} C(m, k) / 2^m = 1 - N / 2^m.
"""

from collections.abc import Sequence
from fractions import Fraction
from math import comb
from typing import NamedTuple

import numpy as np

from analysis.manifold.matrices import random_matrices

GRID = tuple((n, t * n) for n in (1, 2, 3, 4, 8, 16) for t in (1, 2, 3, 4, 6))


def patterns_kept(n: int, m: int) -> int:
    """N = sum_{k=0}^{m-n} C(m, k): sign patterns of m coordinates with at least n positive ones."""
    return sum(comb(m, k) for k in range(m - n + 1))


def patterns_collapsed(n: int, m: int) -> int:
    """2^m - N = sum_{k < n} C(m, k)."""
    return sum(comb(m, k) for k in range(n))


def collapsed_share(n: int, m: int) -> Fraction:
    """1 - N / 2^m, exact."""
    return Fraction(patterns_collapsed(n, m), 2**m)


class Cell(NamedTuple):
    """Monte Carlo at one (n, m): `collapsed` of `draws`, their share with its interval, and the closed form."""

    kind: str
    n: int
    m: int
    collapsed: int
    draws: int
    share: float
    low: float
    high: float
    exact: Fraction

    @property
    def agrees(self) -> bool:
        """The closed form lies in the interval."""
        return self.low <= self.exact <= self.high


def monte_carlo(
    kind: str = "gaussian",
    grid: Sequence[tuple[int, int]] = GRID,
    draws: int = 1000,
    seed: int = 0,
    level: float = 0.95,
) -> list[Cell]:
    """Collapsed share by sampling: a fresh matrix and a fresh point of the box [-1, 2]^n, which is not symmetric
    about 0, for each draw. A draw is collapsed where its positive rows have rank below n (numerical rank: the
    counting argument is not used).

    Intervals are Clopper and Pearson's. They hold at once over the whole grid with probability `level` (Bonferroni).
    `kind` is an ensemble, or "one_direction": rows that are sign-symmetric multiples of e_1 and so break the
    theorem's condition that null sets have probability 0.
    """
    cells = []
    for n, m in grid:
        generator = np.random.default_rng((seed, n, m))
        collapsed = 0
        for size in [500] * (draws // 500) + ([draws % 500] if draws % 500 else []):
            if kind == "one_direction":
                matrices = np.zeros((size, m, n))
                matrices[:, :, 0] = generator.standard_normal((size, m))
            else:
                matrices = random_matrices(kind, size, m, n, generator)
            points = generator.uniform(-1.0, 2.0, size=(size, n, 1))
            active = np.where(matrices @ points > 0, matrices, 0.0)
            collapsed += int((np.linalg.matrix_rank(active) < n).sum())
        ends = binomial_interval(collapsed, draws, 1 - (1 - level) / len(grid))
        cells.append(Cell(kind, n, m, collapsed, draws, collapsed / draws, *ends, collapsed_share(n, m)))
    return cells


def binomial_interval(hits: int, cases: int, level: float) -> tuple[float, float]:
    """Clopper and Pearson's interval for a probability of which `hits` of `cases` were seen: never below its level."""
    from scipy.special import betaincinv  # scipy.stats would take a second to import

    tail = (1 - level) / 2
    low = float(betaincinv(hits, cases - hits + 1, tail)) if hits else 0.0
    high = float(betaincinv(hits + 1, cases - hits, 1 - tail)) if hits < cases else 1.0
    return low, high
