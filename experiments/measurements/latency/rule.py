"""When does latency follow multiply-adds? The rule for `latency-follows-madds`, fixed before it was measured.

Over the 22 published checkpoints, batch 1, one thread, norms folded: Spearman's correlation of the median latency with
multiply-adds, in each runtime that was measured, judged at 5 % together. The claim is

- supported where every runtime's interval lies at 0.95 or above,
- contradicted where a runtime's interval lies below 0.95,
- undecided otherwise.

0.95 leaves one pair of networks in ten in the wrong order (a Gaussian pair has Kendall's tau 0.80 there). It lies above
what the peak memory of the same networks reaches against the published Pixel 1 times (0.94), so that any measure of
size that grows with width and resolution does not pass. Both were known before from published numbers and arithmetic.
"""

from collections.abc import Mapping

from analysis.problem import Problem
from analysis.stats import RankCorrelation, Verdict

CLAIM = "latency-follows-madds"
CLAIMS = (CLAIM,)
LEAST = 0.95
NETWORKS = 22
ALPHA = 0.05


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
