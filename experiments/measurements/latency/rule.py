"""When does latency follow multiply-adds? Two rules for `latency-follows-madds`.

The first was fixed before it was measured.

Over the 22 published checkpoints, batch 1, one thread, norms folded: Spearman's correlation of the median latency with
multiply-adds, in each runtime that was measured, judged at 5 % together. The claim is

- supported where every runtime's interval lies at 0.95 or above,
- contradicted where a runtime's interval lies below 0.95,
- undecided otherwise.

0.95 leaves one pair of networks in ten in the wrong order (a Gaussian pair has Kendall's tau 0.80 there). It lies above
what the peak memory of the same networks reaches against the published Pixel 1 times (0.94), so that any measure of
size that grows with width and resolution does not pass. Both were known before from published numbers and arithmetic.

It takes the networks for a sample of more, and its interval leaves even a correlation of 0.99 undecided. So the second
rule, by which the claim is judged from now on, takes the 22 networks as they are (`experiments.claims.measured`): the
share of pairs that latency orders the other way round is at most a tenth in every runtime, by its 95 % interval over
rounds. It was written when the stored measurement was known. results/tables/power-measured.md, committed before it
judged anything, has what it says under stated truths.
"""

from collections.abc import Mapping, Sequence

from analysis.problem import Problem
from analysis.stats import RankCorrelation, Verdict
from experiments.claims.measured import KNOWN, MOST_SWAPPED, follows, swapped

CLAIM = "latency-follows-madds"
CLAIMS = (CLAIM,)
LEAST = 0.95
NETWORKS = 22
ALPHA = 0.05
# Half widths of a 95 % interval by which a share is to lie below the limit, to be shown with probability 0.8: of a
# normal estimate, (1.96 + 0.84) / 1.96.
FOR_POWER = 1.43


def level(runtimes: int) -> float:
    """Level of each runtime's interval: all of them hold together at 95 % (Bonferroni)."""
    return 1 - ALPHA / runtimes


def judge(correlations: Mapping[str, RankCorrelation], where: str) -> Verdict:
    """The verdict from each runtime's correlation of latency with multiply-adds, at `level`. The lowest is its effect.

    Raises:
        Problem: no runtime, not the 22 networks, or intervals at another level.
    """
    if not correlations:
        raise Problem("the claim needs a measured runtime")
    for name, correlation in correlations.items():
        if correlation.n != NETWORKS or abs(correlation.level - level(len(correlations))) > 1e-9:
            raise Problem(f"{name}: the rule is for {NETWORKS} networks at level {level(len(correlations)):g}")
    name, lowest = min(correlations.items(), key=lambda item: item[1].value)
    why = "; ".join(f"{name}: {c.value:.3f} [{c.low:.3f}, {c.high:.3f}]" for name, c in correlations.items())
    numbers = {"effect": lowest.value, "low": lowest.low, "high": lowest.high, "n": lowest.n}
    if any(c.high < LEAST for c in correlations.values()):
        return Verdict(CLAIM, "contradicted", where, **numbers, why=f"{why}; below {LEAST:g} in {name}")
    if all(c.low >= LEAST for c in correlations.values()):
        return Verdict(CLAIM, "supported", where, **numbers, why=f"{why}; at {LEAST:g} or above in every runtime")
    why = f"{why}; an interval holds {LEAST:g}"
    return Verdict(CLAIM, "undecided", where, **numbers, why=why, needs="more networks than the 22 published ones")


def ordered(madds: Sequence[int], turns: Mapping[str, Sequence[Sequence[float]]], where: str) -> Verdict:
    """The verdict from the share of swapped pairs. The runtime with the largest share is its effect.

    `turns`: runtime -> times (networks, rounds). All runtimes must hold, so none is corrected.

    Raises:
        Problem: no runtime, or not the 22 networks.
    """
    if not turns or len(madds) != NETWORKS:
        raise Problem(f"the rule is for a measured runtime and {NETWORKS} networks")
    found = {name: swapped(madds, times) for name, times in turns.items()}
    words = {name: follows(each) for name, each in found.items()}
    most = max(found.values(), key=lambda each: each.share)
    why = "; ".join(
        f"{name}: {each.share:.1%} of {each.pairs} pairs [{each.low:.1%}, {each.high:.1%}], {words[name]}"
        for name, each in found.items()
    )
    said = set(words.values())
    word = "contradicted" if "contradicted" in said else "undecided" if "undecided" in said else "supported"
    return Verdict(
        CLAIM,
        word,
        where,
        most.share,
        most.low,
        most.high,
        most.pairs,
        why=f"{why}. At most {MOST_SWAPPED:.0%} are claimed",
        needs="more rounds, or a quieter machine" if word == "undecided" else "",
        unit="share of the pairs of networks that latency orders the other way round",
        shows=max(0.0, MOST_SWAPPED - FOR_POWER * max((e.high - e.low) / 2 for e in found.values())),
        analysis=f"share of swapped pairs, 95 % bootstrap interval over rounds; {KNOWN}",
    )
