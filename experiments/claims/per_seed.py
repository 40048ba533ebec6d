"""Claims about a measurement that has one value a seed, as sides of limits on which the mean of the seeds lies."""

import math
from collections.abc import Sequence
from typing import NamedTuple

from analysis.stats import Verdict
from analysis.stats.intervals import Estimate, geometric, interval, mean_interval
from analysis.stats.rules import Finding

ALPHA = 0.05


class Part(NamedTuple):
    """A quantity with one value a seed, and the side of `limit` on which its mean is claimed to lie.

    `above`: whether that is the upper side, or else at the limit or below it. `ratio`: whether values and limit are
    logarithms of ratios, which is how they are then printed.
    """

    title: str
    values: tuple[float, ...]
    limit: float
    above: bool = False
    ratio: bool = False

    @property
    def text(self) -> str:
        """What was found and what was claimed."""
        side = "above" if self.above else "at most"
        if not self.ratio:
            return f"{self.title}: {interval(self.values)}, {side} {self.limit:g} claimed"
        return f"{self.title}: {geometric(list(map(math.exp, self.values)))}, {side} {math.exp(self.limit):g} claimed"


def finding(part: Part, alpha: float) -> Finding:
    """Supported where the 95 % interval is on the claimed side, contradicted where that of level 1 - `alpha` is on the
    other, else undecided."""
    estimate = mean_interval(part.values)
    low, high = estimate.interval(1 - ALPHA)
    if low > part.limit if part.above else high <= part.limit:
        return "supported"
    low, high = estimate.interval(1 - alpha)
    return "contradicted" if (high <= part.limit if part.above else low > part.limit) else "undecided"


def weakest(words: Sequence[Finding]) -> Finding:
    """What follows where all must hold."""
    return "contradicted" if "contradicted" in words else "undecided" if "undecided" in words else "supported"


def judged(claim: str, parts: Sequence[Part], where: str) -> Verdict:
    """The verdict on a claim all of whose parts must hold, under the conditions `where`. Its effect is that of the part
    that decides it."""
    found: list[tuple[Part, Estimate, Finding]] = [
        (part, mean_interval(part.values), finding(part, ALPHA / len(parts))) for part in parts
    ]
    word = weakest([row[2] for row in found])
    decisive, estimate, _ = next(row for row in found if row[2] == word)

    def printed(value: float) -> float | None:
        if not math.isfinite(value):
            return None
        return math.exp(value) if decisive.ratio else value

    return Verdict(
        claim,
        word,
        f"{decisive.title}; {where}",
        effect=math.exp(estimate.mean) if decisive.ratio else estimate.mean,
        low=printed(estimate.low),
        high=printed(estimate.high),
        n=estimate.n,
        why="; ".join(f"{part.text}: {said}" for part, _, said in found),
        needs="more seeds" if word == "undecided" else "",
    )
