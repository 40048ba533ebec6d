"""Differences between arms: paired by seed where the design fixes the data order, Welch's where it does not.

Which of the two applies is part of the design of a study and is stated before the runs. Nothing here chooses by
looking at the data, because a test chosen by an observed correlation has more false alarms than its alpha.
`Difference.correlation` is printed so that a reader sees what pairing gained.
"""

import math
import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from analysis.problem import Problem
from analysis.stats.intervals import Estimate, between_0_and_1, moments
from analysis.stats.power import smallest_detectable
from analysis.stats.samples import GRID, Runs, diverged, finished, mostly_diverged


@dataclass(frozen=True)
class Difference(Estimate):
    """An Estimate of a weighted sum of arms, such as a - b.

    - `design`: "paired" (a difference for each seed, then a t interval over seeds), "welch", or "moderated" (Welch's
      with the spread of all arms of a study, `analysis.stats.moderated`).
    - `seeds`, `values`: the seed and the difference of each finished pair. Empty without pairs.
    - `correlation`: Pearson's, between the two arms over seeds. None without pairs, for more than two arms, for fewer
      than three pairs and for an arm without spread. Pairing two arms of equal spread multiplies the variance by
      1 - correlation.
    - `names`, `runs`, `diverged`: for each arm its name, its number of runs and the seeds that diverged.
    - `title`: what is compared, if "a - b" is not clear enough.
    """

    design: Literal["paired", "welch", "moderated"] = "paired"
    seeds: tuple[int, ...] = ()
    values: tuple[float, ...] = ()
    correlation: float | None = None
    names: tuple[str, ...] = ()
    runs: tuple[int, ...] = ()
    diverged: tuple[tuple[int, ...], ...] = ()
    title: str = ""

    @property
    def label(self) -> str:
        """What is compared: its title, "a - b", or the arms of a contrast."""
        if self.title:
            return self.title
        return " - ".join(self.names) if len(self.names) == 2 else f"contrast of {', '.join(self.names)}"

    @property
    def comparable(self) -> bool:
        """False if an arm diverged in more than half of its runs and has no accuracy worth comparing."""
        return not any(map(mostly_diverged, self.runs, self.diverged))

    @property
    def varied(self) -> bool:
        """False if the values of two and more seeds differ by less than the grid of accuracies. Their interval and p
        say nothing then."""
        return not (self.n > 1 and self.sd < GRID)

    @property
    def detectable(self) -> float:
        """The smallest true difference that this many seeds show with probability 0.8 (approximate for Welch)."""
        return smallest_detectable(self.sd, self.n, alpha=1 - self.level)


def contrast(
    arms: Sequence[Runs], weights: Sequence[float], names: Sequence[str] = (), level: float = 0.95, title: str = ""
) -> Difference:
    """Sum of weight x arm for each seed that all arms finished, then the mean over seeds with its t interval.

    A seed at which any arm diverged is left out of the mean and listed in `diverged`. A seed that some arm has not run
    is left out.

    Raises:
        Problem: no seed in common, weights that do not sum to 0 or do not match the arms, or a value that is not
            finite.
    """
    balanced = any(weights) and abs(math.fsum(weights)) <= 1e-9 * max(map(abs, weights))
    if len(weights) != len(arms) or not balanced:
        raise Problem(
            f"weights {tuple(weights)} are not a contrast of {len(arms)} arms: give one per arm, not all 0, with sum 0"
        )
    if not set.intersection(*map(set, arms)):
        raise Problem("the arms share no seed: run them on the same seeds, or compare with Welch's interval")
    done = [finished(arm) for arm in arms]
    seeds = tuple(sorted(set.intersection(*map(set, done))))
    columns = [[arm[seed] for seed in seeds] for arm in done]
    values = tuple(
        math.fsum(weight * value for weight, value in zip(weights, row, strict=True))
        for row in zip(*columns, strict=True)
    )
    mean, sd = moments(values)
    return Difference(
        mean,
        sd / math.sqrt(max(1, len(seeds))),
        len(seeds) - 1,
        len(seeds),
        between_0_and_1("level", level),
        seeds=seeds,
        values=values,
        correlation=_correlation(*columns) if len(columns) == 2 else None,
        names=_names(arms, names),
        runs=tuple(map(len, arms)),
        diverged=tuple(map(diverged, arms)),
        title=title,
    )


def paired_difference(a: Runs, b: Runs, names: Sequence[str] = (), level: float = 0.95) -> Difference:
    """a - b, paired by seed, as a `contrast`."""
    return contrast((a, b), (1, -1), names, level)


def interaction(aa: Runs, ab: Runs, ba: Runs, bb: Runs, names: Sequence[str] = (), level: float = 0.95) -> Difference:
    """(aa - ab) - (ba - bb), paired by seed: does a factor matter more with a than with b?"""
    return contrast((aa, ab, ba, bb), (1, -1, -1, 1), names, level)


def slope(arms: Sequence[Runs], scores: Sequence[float], names: Sequence[str] = (), level: float = 0.95) -> Difference:
    """Change of accuracy per unit of score: the least-squares slope over arms at each seed, then the mean over seeds.

    With scores 0, 1, 2, ... it is the usual contrast for a monotone trend.

    Raises:
        Problem: as `contrast`, or fewer than two different scores.
    """
    if len(scores) != len(arms) or len(set(scores)) < 2:
        raise Problem(
            f"scores {tuple(scores)} do not order {len(arms)} arms: give one per arm, at least two of them different"
        )
    centre = statistics.fmean(scores)
    spread = math.fsum((score - centre) ** 2 for score in scores)
    return contrast(arms, [(score - centre) / spread for score in scores], names, level)


def welch_difference(a: Runs, b: Runs, names: Sequence[str] = (), level: float = 0.95) -> Difference:
    """Mean of a - mean of b for arms whose seeds have nothing in common (other data order, other batch size).

    Variances may differ. Degrees of freedom follow Welch (1947) and Satterthwaite. `n` is the smaller arm's.

    Raises:
        Problem: a value that is not finite.
    """
    (mean_a, square_a, n_a), (mean_b, square_b, n_b) = (_squared_error(list(finished(arm).values())) for arm in (a, b))
    square = square_a + square_b
    if min(n_a, n_b) > 1 and square > 0:
        degrees = square**2 / (square_a**2 / (n_a - 1) + square_b**2 / (n_b - 1))
    else:
        degrees = n_a + n_b - 2
    return Difference(
        mean_a - mean_b,
        math.sqrt(square),
        degrees,
        min(n_a, n_b),
        between_0_and_1("level", level),
        design="welch",
        names=_names((a, b), names),
        runs=(len(a), len(b)),
        diverged=(diverged(a), diverged(b)),
    )


def _squared_error(values: list[float]) -> tuple[float, float, int]:
    """Mean, squared standard error and number of an arm's values."""
    mean, sd = moments(values)
    return mean, sd**2 / max(1, len(values)), len(values)


def _correlation(a: Sequence[float], b: Sequence[float]) -> float | None:
    try:
        return statistics.correlation(a, b) if len(a) > 2 else None
    except statistics.StatisticsError:  # an arm without spread
        return None


def _names(arms: Sequence[Runs], names: Sequence[str]) -> tuple[str, ...]:
    if names and len(names) != len(arms):
        raise Problem(f"{len(names)} names for {len(arms)} arms ({', '.join(names)}): give one name per arm")
    return tuple(names) or tuple(f"arm {i}" for i in range(1, len(arms) + 1))
