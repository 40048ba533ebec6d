"""Exact power of t tests: what a number of seeds can show, and how many seeds a difference needs."""

import math
from collections.abc import Callable

from analysis.problem import Problem
from analysis.stats.intervals import between_0_and_1
from analysis.stats.roots import find_root
from analysis.stats.samples import finite

MOST_SEEDS = 10_000
"""The search for a number of seeds stops here."""


def detection_power(effect: float, sd: float, n: int, alpha: float = 0.05) -> float:
    """Probability that the two-sided paired t test of n seeds finds a true mean difference `effect`.

    It is P(|T| > t_crit) for the noncentral t with n - 1 degrees of freedom and noncentrality effect sqrt(n) / sd,
    computed as the mean over the sample's s of a normal probability. `sd` is that of the per-seed differences.

    Raises:
        Problem: a negative sd, an effect that is not finite, or an alpha outside (0, 1).
    """
    checked(sd, alpha)
    finite([effect])
    if n < 2:
        return 0.0
    if sd == 0:
        return float(effect != 0)
    return _power(abs(effect) * math.sqrt(n) / sd, n, alpha)


def smallest_detectable(sd: float, n: int, power: float = 0.8, alpha: float = 0.05) -> float:
    """The smallest true difference that n seeds show with probability `power`. It is infinite below two seeds.

    `sd` is that of the per-seed differences. An estimate from few seeds is uncertain, see `sd_interval`.

    Raises:
        Problem: a negative sd, or probabilities out of range.
    """
    checked(sd, alpha, power)
    if n < 2 or math.isinf(sd):
        return math.inf
    above = 1.0
    while _power(above, n, alpha) < power:
        above *= 2
    return find_root(lambda x: _power(x, n, alpha) - power, 0.0, above) * sd / math.sqrt(n)


def seeds_needed(effect: float, sd: float, power: float = 0.8, alpha: float = 0.05) -> int | None:
    """The fewest seeds whose paired t test finds `effect` with probability `power`, or None beyond MOST_SEEDS.

    Raises:
        Problem: a negative sd, or probabilities out of range.
    """
    checked(sd, alpha, power)
    return _fewest(lambda n: detection_power(effect, sd, n, alpha), power)


def equivalence_power(margin: float, sd: float, n: int, effect: float = 0.0, alpha: float = 0.05) -> float:
    """Probability that two one-sided tests of n pairs show a true difference `effect` to lie within +-margin.

    It is the mean over the sample's s of P(-margin + t s / sqrt(n) < mean < margin - t s / sqrt(n)).

    Raises:
        Problem: a margin that is not positive, a negative sd, or an alpha outside (0, 1).
    """
    from scipy.special import ndtr, stdtrit

    checked(sd, alpha)
    finite([effect])
    if not margin > 0:
        raise Problem(f"margin {margin!r} is not above 0")
    if n < 2 or math.isinf(sd):
        return 0.0
    if sd == 0:
        return float(abs(effect) < margin)
    scale, critical = math.sqrt(n) / sd, float(stdtrit(n - 1, 1 - alpha))

    def shown(u: float) -> float:
        upper, lower = (margin - effect) * scale - critical * u, (-margin - effect) * scale + critical * u
        return max(0.0, float(ndtr(upper) - ndtr(lower)))

    return _averaged(shown, n - 1, (margin - abs(effect)) * scale / critical, 1 / critical)


def seeds_for_equivalence(
    margin: float, sd: float, effect: float = 0.0, power: float = 0.8, alpha: float = 0.05
) -> int | None:
    """The fewest seeds that show a true difference `effect` to lie within +-margin with probability `power`.

    It is None beyond MOST_SEEDS, as for an effect outside the margin.

    Raises:
        Problem: as `equivalence_power`, or a power out of range.
    """
    checked(sd, alpha, power)
    return _fewest(lambda n: equivalence_power(margin, sd, n, effect, alpha), power)


def checked(sd: float, alpha: float, power: float | None = None) -> None:
    """Refuse a negative or NaN sd, an alpha outside (0, 1) and a power outside (alpha, 0.999].

    Raises:
        Problem: one of these.
    """
    if not sd >= 0:
        raise Problem(f"standard deviation {sd!r} is not a number of at least 0")
    between_0_and_1("alpha", alpha)
    if power is not None and not alpha < power <= 0.999:
        raise Problem(f"power {power!r} is not between alpha ({alpha}) and 0.999")


def _power(noncentrality: float, n: int, alpha: float) -> float:
    from scipy.special import ndtr, stdtrit

    critical = float(stdtrit(n - 1, 1 - alpha / 2))

    def rejected(u: float) -> float:
        return float(ndtr(noncentrality - critical * u) + ndtr(-noncentrality - critical * u))

    return _averaged(rejected, n - 1, noncentrality / critical, 1 / critical)


def _averaged(chance: Callable[[float], float], degrees: int, edge: float, width: float) -> float:
    """Mean of chance(u) over u = s / sd of a normal sample, a scaled chi. `chance` is steepest at `edge`.

    It is computed here because scipy's noncentral t is NaN in parts of its tails (scipy 1.17: 2 seeds, alpha 0.001).
    """
    from scipy.integrate import quad
    from scipy.special import gammaln

    constant = math.log(2) + degrees / 2 * math.log(degrees / 2) - float(gammaln(degrees / 2))

    def weighted(u: float) -> float:
        return chance(u) * math.exp(constant + (degrees - 1) * math.log(u) - degrees * u * u / 2)

    reach = 10 / math.sqrt(degrees)
    low, high = max(1e-9, 1 - reach), 1 + reach  # the density's logarithm has no value at 0
    knots = [knot for knot in (1.0, edge - 8 * width, edge, edge + 8 * width) if low < knot < high]
    return min(1.0, float(quad(weighted, low, high, points=knots, limit=200)[0]))


def _fewest(chance: Callable[[int], float], wanted: float) -> int | None:
    """The smallest n from 2 with chance(n) >= wanted, for a chance that grows with n."""
    below, n = 1, 2
    while chance(n) < wanted:
        if n >= MOST_SEEDS:
            return None
        below, n = n, min(2 * n, MOST_SEEDS)
    while n - below > 1:
        middle = (below + n) // 2
        below, n = (below, middle) if chance(middle) >= wanted else (middle, n)
    return n
