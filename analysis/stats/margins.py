"""Two one-sided tests: is a difference shown to be small?"""

from dataclasses import dataclass

from analysis.problem import Problem
from analysis.stats.intervals import Estimate, between_0_and_1


@dataclass(frozen=True)
class Equivalence:
    """Whether |difference| < margin is shown at `alpha`: the 1 - 2 alpha interval lies within +-margin.

    `p` is the larger of the two one-sided p values. A result that is not shown does not mean a difference.
    """

    margin: float
    low: float
    high: float
    p: float
    alpha: float

    @property
    def shown(self) -> bool:
        """Whether equivalence within the margin is shown."""
        return self.p <= self.alpha


def equivalence(difference: Estimate, margin: float, alpha: float = 0.05) -> Equivalence:
    """Two one-sided t tests (Schuirmann 1987) of a difference against a margin that was stated beforehand.

    Raises:
        Problem: a margin that is not positive, an alpha outside (0, 0.5).
    """
    if not margin > 0:
        raise Problem(f"margin {margin!r} is not above 0")
    low, high = difference.interval(1 - between_0_and_1("2 x alpha", 2 * alpha))
    p = max(difference.p_above(-margin), difference.p_below(margin))
    return Equivalence(margin, low, high, p, alpha)
