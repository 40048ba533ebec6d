"""How well the order of some items follows a reference: Kendall's tau and pairs, with items drawn again.

Spearman's correlation is in `analysis.stats.ranks`.
"""

from collections.abc import Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

from analysis.problem import Problem
from analysis.stats.intervals import between_0_and_1
from analysis.stats.samples import finite

if TYPE_CHECKING:
    from numpy.typing import NDArray


class Resampled(NamedTuple):
    """A statistic with the percentiles of it over resamples. `n`: items, or pairs of items."""

    value: float
    low: float
    high: float
    n: int


class Ranking:
    """Items with a reference score each, by which other scores of theirs are compared.

    Intervals are percentiles over `draws` samples of items with replacement, the same ones for every score, so that
    differences between scores are paired. The reference must differ between items.

    Raises:
        Problem: fewer than five items, or scores that are not finite or all equal.
    """

    def __init__(self, reference: Sequence[float], level: float = 0.95, draws: int = 4000, seed: int = 0):
        self.reference = finite(reference)
        self.tail = (1 - between_0_and_1("level", level)) / 2
        self.draws, self.seed = draws, seed
        if len(self.reference) < 5:
            raise Problem(f"an order needs five items or more, not {len(self.reference)}")
        self._checked(self.reference)

    def tau(self, scores: Sequence[float]) -> Resampled:
        """Kendall's tau-b of `scores` with the reference."""
        return self._interval(self._taus(scores), len(self.reference))

    def tau_difference(self, first: Sequence[float], second: Sequence[float]) -> Resampled:
        """Kendall's tau-b of `first` with the reference minus that of `second`."""
        return self._interval(self._taus(first) - self._taus(second), len(self.reference))

    def pairs_right(self, scores: Sequence[float], least: float, most: float) -> Resampled:
        """Share of the pairs whose references are `least` to less than `most` apart that `scores` put in the order of
        the reference. A tie counts half. NaN without a pair."""
        import numpy as np

        gaps = np.abs(np.subtract.outer(self.reference, self.reference))
        counted = ((gaps >= least) & (gaps < most) & (gaps > 0)).astype(float)
        right = (1 + _signs(self._checked(scores)) * _signs(self.reference)) / 2
        with np.errstate(invalid="ignore"):
            found = self._sums(counted * right) / self._sums(counted)
        return self._interval(found, int(counted.sum() / 2))

    def _taus(self, scores: Sequence[float]) -> "NDArray[Any]":
        import numpy as np

        x, y = _signs(self._checked(scores)), _signs(self.reference)
        with np.errstate(invalid="ignore"):
            return self._sums(x * y) / np.sqrt(self._sums(x * x) * self._sums(y * y))

    def _sums(self, pairs: "NDArray[Any]") -> "NDArray[Any]":
        """Sum of a value of each pair over the items, then over those of each sample."""
        return ((self._counts @ pairs) * self._counts).sum(1)

    def _interval(self, found: "NDArray[Any]", n: int) -> Resampled:
        import numpy as np

        known = found[1:][~np.isnan(found[1:])]
        low, high = np.quantile(known, [self.tail, 1 - self.tail]) if len(known) else (np.nan, np.nan)
        return Resampled(float(found[0]), float(low), float(high), n)

    def _checked(self, scores: Sequence[float]) -> Sequence[float]:
        scores = finite(scores)
        if len(scores) != len(self.reference):
            raise Problem(f"{len(scores)} scores for {len(self.reference)} items: give one each")
        if min(scores) == max(scores):
            raise Problem("scores that are all equal have no order")
        return scores

    @cached_property
    def _counts(self) -> "NDArray[Any]":
        """How often each item is in the whole, once, and then in each sample, (1 + draws, items)."""
        import numpy as np

        count = len(self.reference)
        drawn = np.random.default_rng(self.seed).integers(count, size=(self.draws, count))
        return (np.vstack([np.arange(count), drawn])[:, :, None] == np.arange(count)).sum(1).astype(float)


def _signs(scores: Sequence[float]) -> "NDArray[Any]":
    """Sign of the difference of each two items."""
    import numpy as np

    return np.sign(np.subtract.outer(np.asarray(scores, float), np.asarray(scores, float)))
