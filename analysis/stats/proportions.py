"""Shares of right answers: one with its interval, two networks image by image, and orders of several."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from analysis.problem import Problem
from analysis.stats.intervals import between_0_and_1

if TYPE_CHECKING:
    from numpy.typing import NDArray


@dataclass(frozen=True)
class Share:
    """`count` of `n` with Wilson's interval, all three as shares of 1."""

    count: int
    n: int
    low: float
    high: float

    @property
    def value(self) -> float:
        """count / n."""
        return self.count / self.n

    @property
    def percent(self) -> str:
        """In percent: "78.3 [75.1, 81.2]"."""
        return f"{100 * self.value:.1f} [{100 * self.low:.1f}, {100 * self.high:.1f}]"


def wilson(count: int, n: int, level: float = 0.95) -> Share:
    """The share count / n with Wilson's score interval, which stays in [0, 1] and has ends at shares of 0 and 1.

    Raises:
        Problem: no trial, or more hits than trials.
    """
    from scipy.stats import binomtest

    if n < 1 or not 0 <= count <= n:
        raise Problem(f"{count} of {n} is not a share: give at least one trial, and no more hits than trials")
    ends = binomtest(count, n).proportion_ci(between_0_and_1("level", level), method="wilson")
    return Share(count, n, float(ends.low), float(ends.high))


@dataclass(frozen=True)
class Paired:
    """Two networks on the same images: how many only the first has right, only the second, and of how many.

    `low` to `high`: interval of the difference of shares, first minus second. `p`: McNemar's exact test of none.
    """

    first_only: int
    second_only: int
    n: int
    low: float
    high: float
    p: float

    @property
    def difference(self) -> float:
        """Share of right answers of the first less that of the second."""
        return (self.first_only - self.second_only) / self.n

    @property
    def points(self) -> str:
        """In percentage points: "+1.2 [-0.3, +2.7]"."""
        return f"{100 * self.difference:+.1f} [{100 * self.low:+.1f}, {100 * self.high:+.1f}]"


def mcnemar(first: Sequence[bool], second: Sequence[bool], level: float = 0.95) -> Paired:
    """Compare what two networks have right, image by image.

    p is that of a fair coin for the images that one alone has right. The interval is Wald's with 0.5 added to each of
    the four counts of the table (Agresti and Min, 2005), which covers well where few images differ.

    Raises:
        Problem: different numbers of images, or none.
    """
    from scipy.special import ndtri
    from scipy.stats import binomtest

    if len(first) != len(second) or not len(first):
        raise Problem(f"{len(first)} and {len(second)} answers cannot be paired: score the same images")
    pairs = [(bool(a), bool(b)) for a, b in zip(first, second, strict=True)]
    one, other, n = pairs.count((True, False)), pairs.count((False, True)), len(pairs)
    p = float(binomtest(one, one + other).pvalue) if one + other else 1.0
    b, c, total = one + 0.5, other + 0.5, n + 2
    middle = (b - c) / total
    half = float(ndtri((1 + between_0_and_1("level", level)) / 2)) * math.sqrt(b + c - (b - c) ** 2 / total) / total
    return Paired(one, other, n, max(-1.0, middle - half), min(1.0, middle + half), p)


@dataclass(frozen=True)
class Order:
    """Kendall's tau-b of measured shares with given values, its interval over images, and n networks."""

    tau: float
    low: float
    high: float
    n: int


def order(
    right: "NDArray[Any] | Sequence[Sequence[bool]]",
    values: Sequence[float],
    level: float = 0.95,
    draws: int = 2000,
    seed: int = 0,
) -> Order:
    """How well the order of accuracies follows that of `values`, with an interval from images drawn again.

    `right`: which network has which image right, Boolean (networks, images). An image is drawn for all networks at
    once, because they find the same images hard. Percentiles of `draws` resamples.

    Raises:
        Problem: fewer than three networks, no image, values of another number or all equal.
    """
    import numpy as np
    from scipy.stats import kendalltau

    right = np.asarray(right, bool)
    if right.ndim != 2 or len(right) < 3 or len(values) != len(right) or not right.shape[1]:
        raise Problem(f"an order needs three networks or more with a value each, not {right.shape} of {len(values)}")
    if min(values) == max(values):
        raise Problem("values that are all equal have no order")
    generator = np.random.default_rng(seed)
    count = right.shape[1]
    taus = []
    for _ in range(draws):
        drawn = generator.multinomial(count, np.full(count, 1 / count))
        taus.append(_tau(kendalltau(right @ drawn, values)))
    tail = (1 - between_0_and_1("level", level)) / 2
    low, high = np.quantile(taus, [tail, 1 - tail])
    return Order(_tau(kendalltau(right.sum(1), values)), float(low), float(high), len(right))


def _tau(found: "Any") -> float:
    return 0.0 if math.isnan(found.statistic) else float(found.statistic)  # where all accuracies are equal
