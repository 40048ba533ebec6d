"""A mean with its t interval."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from analysis.problem import Problem
from analysis.stats.samples import finite


@dataclass(frozen=True)
class Estimate:
    """A mean, its standard error and the t distribution that they follow, mean -+ t se.

    - `degrees`: degrees of freedom of t. `n`: number of values. `level`: of `low` and `high`.
    - One value has no spread: at n = 1 the standard error is infinite, the interval is (-inf, inf) and p is 1. At
      n = 0 (every run diverged) the mean is NaN as well.
    - If all values are equal, the standard error is 0 and the interval is a point. That is the result of the t test.
      With two or three values it is a coincidence on a coarse grid and does not mean certainty.
    """

    mean: float
    standard_error: float
    degrees: float
    n: int
    level: float = 0.95

    @property
    def sd(self) -> float:
        """Standard deviation of the n values, se sqrt(n). It is infinite for fewer than two values."""
        return self.standard_error * math.sqrt(self.n) if self.n > 1 else math.inf

    @property
    def low(self) -> float:
        """Lower end of the interval at `level`."""
        return self.interval(self.level)[0]

    @property
    def high(self) -> float:
        """Upper end of the interval at `level`."""
        return self.interval(self.level)[1]

    @property
    def p(self) -> float:
        """Two-sided p value of "the mean is 0"."""
        return self.p_at(0.0)

    def interval(self, level: float) -> tuple[float, float]:
        """The two-sided t interval at `level`."""
        from scipy.special import stdtrit

        if self.n < 2:
            return -math.inf, math.inf
        half = float(stdtrit(self.degrees, (1 + between_0_and_1("level", level)) / 2)) * self.standard_error
        return self.mean - half, self.mean + half

    def p_at(self, value: float) -> float:
        """Two-sided p value of "the mean is `value`"."""
        return min(1.0, 2 * min(self.p_above(value), self.p_below(value)))

    def p_above(self, value: float) -> float:
        """One-sided p value of "the mean is at most `value`". It is small if the mean is shown to be above."""
        from scipy.special import stdtr

        if self.n < 2:
            return 1.0
        if self.standard_error == 0:
            return 0.0 if self.mean > value else 1.0
        return float(stdtr(self.degrees, (value - self.mean) / self.standard_error))

    def p_below(self, value: float) -> float:
        """One-sided p value of "the mean is at least `value`". It is small if the mean is shown to be below."""
        return Estimate(-self.mean, self.standard_error, self.degrees, self.n).p_above(-value)


def between_0_and_1(what: str, value: float) -> float:
    """`value` if it is a probability strictly between 0 and 1.

    Raises:
        Problem: it is not.
    """
    if not 0 < value < 1:
        raise Problem(f"{what} {value!r} is not between 0 and 1: write 0.95 for 95 %")
    return value


def moments(values: Sequence[float]) -> tuple[float, float]:
    """Mean and standard deviation (divisor n - 1) of finite values: (x, inf) of one, (NaN, inf) of none."""
    n = len(values)
    mean = math.fsum(values) / n if n else math.nan
    return mean, math.sqrt(math.fsum((v - mean) ** 2 for v in values) / (n - 1)) if n > 1 else math.inf


def mean_interval(values: Iterable[float], level: float = 0.95) -> Estimate:
    """Mean of independent values with its t interval, mean -+ t(n - 1) sd / sqrt(n).

    Raises:
        Problem: no value, or one that is NaN or infinite.
    """
    numbers = finite(values)
    if not numbers:
        raise Problem("no finished run, so no mean: run the arm, or report it as diverged")
    (mean, sd), n = moments(numbers), len(numbers)
    return Estimate(mean, sd / math.sqrt(n), n - 1, n, between_0_and_1("level", level))


def interval(values: Sequence[float], digits: int = 2) -> str:
    """A mean with its 95 % t interval, "0.48 [0.45, 0.51]"; the mean alone of one value, "" of none."""
    if not values:
        return ""
    at = mean_interval(values)
    if len(values) < 2:
        return f"{at.mean:z.{digits}f}"
    return f"{at.mean:z.{digits}f} [{at.low:z.{digits}f}, {at.high:z.{digits}f}]"


def geometric_interval(values: Iterable[float], level: float = 0.95) -> tuple[float, float, float]:
    """The geometric mean of positive values, and the ends of the t interval of their logarithms, as factors."""
    found = mean_interval(map(math.log, values), level)
    return math.exp(found.mean), math.exp(found.low), math.exp(found.high) if found.high < 700 else math.inf


def geometric(values: Sequence[float], digits: int = 2) -> str:
    """`interval` of a geometric mean: "2.98 [2.53, 3.44]"."""
    mean, low, high = geometric_interval(values)
    return f"{mean:.{digits}f}" + (f" [{low:.{digits}f}, {high:.{digits}f}]" if len(values) > 1 else "")


def sd_interval(sd: float, n: int, level: float = 0.95) -> tuple[float, float]:
    """Interval of the true standard deviation, from a sample's `sd` of n normal values (chi-square).

    With five seeds it extends from 0.6 to 2.9 times the sample's, so plan with the upper end in mind.
    """
    from scipy.special import chdtri

    if n < 2 or math.isinf(sd):
        return 0.0, math.inf
    tail = (1 - between_0_and_1("level", level)) / 2
    return sd * math.sqrt((n - 1) / chdtri(n - 1, tail)), sd * math.sqrt((n - 1) / chdtri(n - 1, 1 - tail))
