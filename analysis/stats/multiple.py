"""Several comparisons in one study: p values and intervals that hold jointly."""

from collections.abc import Sequence

from analysis.problem import Problem
from analysis.stats.intervals import between_0_and_1


def holm(p_values: Sequence[float]) -> tuple[float, ...]:
    """Adjusted p values (Holm 1979), in the order given.

    If the comparisons with values <= alpha are rejected, the probability of any false alarm is at most alpha, however
    the comparisons depend on each other. The k-th smallest of m becomes the largest of (m - j + 1) p_j over j <= k, at
    most 1.

    Raises:
        Problem: a value outside [0, 1].
    """
    for p in p_values:
        if not 0 <= p <= 1:
            raise Problem(f"{p!r} is not a p value: give numbers from 0 to 1")
    adjusted, least = [0.0] * len(p_values), 0.0
    for rank, i in enumerate(sorted(range(len(p_values)), key=p_values.__getitem__)):
        least = max(least, (len(p_values) - rank) * p_values[i])
        adjusted[i] = min(1.0, least)
    return tuple(adjusted)


def simultaneous_level(comparisons: int, level: float = 0.95) -> float:
    """The level of each of m intervals that all hold at once with probability `level` (Bonferroni).

    It is 1 - (1 - level) / m. Such intervals are for display and for judging sizes. Holm's test has more power: an
    interval of this level may contain 0 where Holm's p is below alpha, but not the other way round.

    Raises:
        Problem: no comparison, or a level outside (0, 1).
    """
    if comparisons < 1:
        raise Problem(f"{comparisons} comparisons have no simultaneous intervals: give at least 1")
    return 1 - (1 - between_0_and_1("level", level)) / comparisons
