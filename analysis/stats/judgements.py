"""Differences judged by rules."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from analysis.stats.differences import Difference
from analysis.stats.margins import equivalence
from analysis.stats.multiple import holm
from analysis.stats.power import MOST_SEEDS, seeds_for_equivalence, seeds_needed, smallest_detectable
from analysis.stats.rules import Finding, Rule


@dataclass(frozen=True)
class Judgement:
    """What a rule says of a difference.

    - `finding`, `size`: on direction and on size (None where the rule names none).
    - `p`: adjusted for the comparisons judged together. `alpha`: each one's share of the rule's.
    - `reason`: a sentence; names the diverged runs.
    """

    rule: Rule
    difference: Difference
    finding: Finding
    size: Finding | None
    p: float
    alpha: float
    reason: str

    @property
    def needs(self) -> str:
        """What would decide it: seeds that show the difference seen, at this spread, with probability 0.8.

        Empty where it is decided.
        """
        if self.finding != "undecided":
            return ""
        if self.difference.n < 2 or not self.difference.comparable:
            return "more runs that finish"
        seeds, least = _seeds(self), smallest_detectable(self.difference.sd, self.difference.n, alpha=self.alpha)
        count = f"about {seeds:,}" if seeds else f"more than {MOST_SEEDS:,}"
        return (
            f"{count} seeds if the difference is the {self.difference.mean:.2g} seen; "
            f"{self.difference.n} show one of {least:.2g} with probability 0.8"
        )


def judge(rule: Rule, difference: Difference) -> Judgement:
    """Judge one difference that stands alone; see `judge_together`."""
    return judge_together([(rule, difference)])[0]


def judge_together(cases: Sequence[tuple[Rule, Difference]]) -> tuple[Judgement, ...]:
    """Judge the comparisons of one study: p values adjusted by Holm, sizes by Bonferroni intervals.

    Diverged runs: they are left out of the accuracies, and every reason names them. Where one of two arms
    diverged in more than half of its runs, accuracies are not compared: the arm that diverges significantly
    more often (Fisher's exact test) is the worse one, and otherwise the case is undecided. Where an arm
    wins on the runs that finished but diverged more often than its rival, or nearly identical arms diverged
    unequally often, the case is undecided.
    """
    evidence = [_evidence(rule, difference) for rule, difference in cases]
    adjusted = holm([p for _, p, _ in evidence])
    return tuple(
        _judgement(rule, difference, finding, p, reason, len(cases))
        for (rule, difference), (finding, _, reason), p in zip(cases, evidence, adjusted, strict=True)
    )


def _judgement(
    rule: Rule, difference: Difference, finding: Finding, p: float, reason: str, comparisons: int
) -> Judgement:
    """The evidence's finding if its adjusted p is small enough, else undecided."""
    decided = finding != "undecided" and p <= rule.alpha
    if finding != "undecided":
        reason = f"{'is' if decided else 'is not shown to be'} {reason} (p = {p:.2g})"
    lost = [
        f"{name} diverged in {len(seeds)} of {runs} runs (seeds {', '.join(map(str, seeds))})"
        for name, runs, seeds in zip(difference.names, difference.runs, difference.diverged, strict=True)
        if seeds
    ]
    alpha = rule.alpha / comparisons
    return Judgement(
        rule,
        difference,
        finding if decided else "undecided",
        _size(rule, difference, 1 - alpha),
        p,
        alpha,
        "; ".join([f"{difference.label} {reason}", *lost]),
    )


def _evidence(rule: Rule, difference: Difference) -> tuple[Finding, float, str]:
    """The finding that a small p would stand for, that p, and the reason in words."""
    worse = _diverges_more(difference)
    if not difference.comparable:
        return _divergence(rule, difference, worse)
    if difference.n < 2:
        return "undecided", 1.0, "has fewer than two pairs, which say nothing about spread"
    if worse and (rule.direction == "=" or worse * difference.mean > 0):
        return "undecided", 1.0, f"leaves out that {difference.names[worse < 0]} diverged more often"
    if rule.direction == "=":
        if abs(difference.mean) < rule.margin:
            return "supported", equivalence(difference, rule.margin, rule.alpha).p, f"within ±{rule.margin:g}"
        p = difference.p_at(math.copysign(rule.margin, difference.mean))
        return "contradicted", p, f"beyond ±{rule.margin:g}"
    if rule.negligible is not None:
        none = equivalence(difference, rule.negligible, rule.alpha)
        if none.shown:
            return "contradicted", none.p, f"within ±{rule.negligible:g}, which counts as none"
    above = difference.mean > rule.margin
    finding: Finding = "supported" if above == (rule.direction == ">") else "contradicted"
    return finding, difference.p_at(rule.margin), f"{'above' if above else 'below'} {rule.margin:g}"


def _diverges_more(difference: Difference) -> int:
    """1 if the first of two arms lost the larger share of its runs, -1 if the second did, else 0."""
    if len(difference.runs) != 2:
        return 0
    (first, second), (a, b) = map(len, difference.diverged), difference.runs
    return (first * b > second * a) - (first * b < second * a)


def _divergence(rule: Rule, difference: Difference, worse: int) -> tuple[Finding, float, str]:
    """Evidence from how often two arms diverge, where one has no accuracy worth comparing."""
    from scipy.stats import fisher_exact

    if worse == 0:
        return "undecided", 1.0, "has too few runs that finished"
    lost = [len(seeds) for seeds in difference.diverged]
    kept = [runs - n for runs, n in zip(difference.runs, lost, strict=True)]
    p = float(fisher_exact([lost, kept]).pvalue)  # type: ignore[attr-defined]
    finding: Finding = "supported" if rule.direction == ("<" if worse > 0 else ">") else "contradicted"
    return finding, p, f"{'below' if worse > 0 else 'above'} 0 by how often runs diverge, Fisher's exact test"


def _size(rule: Rule, difference: Difference, level: float) -> Finding | None:
    if rule.size is None or not difference.comparable:
        return "undecided" if rule.size else None
    (low, high), (least, most) = difference.interval(level), rule.size
    if least <= low and high <= most:
        return "supported"
    return "contradicted" if high < least or low > most else "undecided"


def _seeds(judgement: Judgement) -> int | None:
    """The fewest seeds that would show the difference seen to be what it looks like, one way or another."""
    rule, mean, sd = judgement.rule, judgement.difference.mean, judgement.difference.sd
    margin = math.copysign(rule.margin, mean) if rule.direction == "=" else rule.margin
    small = rule.margin if rule.direction == "=" else rule.negligible
    ways = []
    if rule.direction != "=" or abs(mean) > rule.margin:
        ways.append(seeds_needed(mean - margin, sd, alpha=judgement.alpha))
    if small is not None and abs(mean) < small:
        ways.append(seeds_for_equivalence(small, sd, mean, alpha=judgement.alpha))
    return min((seeds for seeds in ways if seeds is not None), default=None)
