"""Differences judged by rules."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from analysis.stats.differences import Difference
from analysis.stats.margins import equivalence
from analysis.stats.multiple import holm
from analysis.stats.power import MOST_SEEDS, seeds_for_equivalence, seeds_needed, smallest_detectable
from analysis.stats.rules import Finding, Rule
from analysis.stats.samples import GRID


@dataclass(frozen=True)
class Judgement:
    """The result of a rule for a difference.

    - `finding`: on the direction. `size`: on the size, None if the rule states no size.
    - `p`: adjusted for the comparisons that are judged together. `alpha`: the rule's alpha divided by their number.
    - `reason`: a sentence, which also names the diverged runs.
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
        """What would decide it: seeds that show the effect of interest, at this spread, with probability 0.8.

        Never the seeds that would show the difference seen, which is large where chance made it so. Empty where the
        difference is decided.
        """
        if self.finding != "undecided":
            return ""
        if self.difference.n < 2 or not self.difference.comparable:
            return "more runs that finish"
        if self.difference.sd < GRID:
            return "more seeds: runs that are equal do not show how much they vary"
        least = smallest_detectable(self.difference.sd, self.difference.n, alpha=self.alpha)
        shown = f"{self.difference.n} show one of {least:.2g} with probability 0.8"
        if (effect := self.rule.effect_of_interest) is None:
            return f"more seeds: {shown}"
        seeds = _seeds(self, effect)
        count = f"about {seeds:,}" if seeds else f"more than {MOST_SEEDS:,}"
        within = f" to be within ±{self.rule.margin:g}" if self.rule.direction == "=" else ""
        return f"{count} seeds to show a difference of {effect:g}{within}; {shown}"


def judge(rule: Rule, difference: Difference) -> Judgement:
    """Judge a single difference, as `judge_together` does for one case."""
    return judge_together([(rule, difference)])[0]


def judge_together(cases: Sequence[tuple[Rule, Difference]], waiting: int = 0) -> tuple[Judgement, ...]:
    """Judge the comparisons of one study, with p values adjusted by Holm and sizes by Bonferroni intervals.

    `waiting` is the number of further comparisons of the study that have no runs yet. They count as p = 1, so that a
    verdict given before they ran is at least as strict as the final one.

    Differences that vary by less than `GRID`, such as two equal ones, decide nothing. They show how coarse an accuracy
    is, not how much runs vary.

    Diverged runs are left out of the accuracies and named in every reason. If one of two arms diverged in more than
    half of its runs, accuracies are not compared. The arm that diverges significantly more often (Fisher's exact test)
    is then the worse one. If neither does, the case is undecided. It is also undecided if an arm wins on the finished
    runs but diverged more often than its rival, or if nearly identical arms diverged unequally often.
    """
    evidence = [_evidence(rule, difference) for rule, difference in cases]
    adjusted = holm([*(each.p for each in evidence), *[1.0] * waiting])
    return tuple(
        _judgement(rule, difference, each, p, len(adjusted))
        for (rule, difference), each, p in zip(cases, evidence, adjusted, strict=False)
    )


class _Evidence(NamedTuple):
    """The finding that a small p supports, the p, and the words for a result that is shown and for one that is not."""

    finding: Finding
    p: float
    shown: str
    not_shown: str


def _judgement(rule: Rule, difference: Difference, evidence: _Evidence, p: float, comparisons: int) -> Judgement:
    """The finding of the evidence if its adjusted p is small enough, otherwise undecided."""
    decided = evidence.finding != "undecided" and p <= rule.alpha
    reason = evidence.shown if decided else evidence.not_shown
    if evidence.finding != "undecided":
        reason += f" (p = {p:.2g})"
    lost = [
        f"{name} diverged in {len(seeds)} of {runs} runs (seeds {', '.join(map(str, seeds))})"
        for name, runs, seeds in zip(difference.names, difference.runs, difference.diverged, strict=True)
        if seeds
    ]
    alpha = rule.alpha / comparisons
    return Judgement(
        rule,
        difference,
        evidence.finding if decided else "undecided",
        _size(rule, difference, 1 - alpha),
        p,
        alpha,
        "; ".join([f"{difference.label} {reason}", *lost]),
    )


def _evidence(rule: Rule, difference: Difference) -> _Evidence:
    worse = _diverges_more(difference)
    if not difference.comparable:
        return _divergence(rule, difference, worse)
    if difference.n < 2:
        return _none("has fewer than two pairs, which say nothing about spread")
    if not difference.varied:
        return _none(f"varies by less than {GRID:g}, the accuracy's own grid, which says nothing about spread")
    if worse and (rule.direction == "=" or worse * difference.mean > 0):
        return _none(f"leaves out that {difference.names[worse < 0]} diverged more often")
    if rule.direction == "=":
        if abs(difference.mean) < rule.margin:
            p = equivalence(difference, rule.margin, rule.alpha).p
            return _Evidence("supported", p, *_words(f"within ±{rule.margin:g}"))
        p = difference.p_at(math.copysign(rule.margin, difference.mean))
        return _Evidence("contradicted", p, *_words(f"beyond ±{rule.margin:g}"))
    if rule.negligible is not None:
        none = equivalence(difference, rule.negligible, rule.alpha)
        if none.shown:
            words = _words(f"within ±{rule.negligible:g}, which counts as none")
            return _Evidence("contradicted", none.p, *words)
    above = difference.mean > rule.margin
    return _Evidence(_finding(rule, above), difference.p_at(rule.margin), *_sides(rule, above))


def _none(reason: str) -> _Evidence:
    return _Evidence("undecided", 1.0, reason, reason)


def _finding(rule: Rule, above: bool) -> Finding:
    """The finding for a difference on that side under a rule of direction > or <, or of = if one arm diverges."""
    return "supported" if rule.direction == (">" if above else "<") else "contradicted"


def _words(what: str) -> tuple[str, str]:
    return f"is {what}", f"is not shown to be {what}"


def _sides(rule: Rule, above: bool) -> tuple[str, str]:
    """The words for the observed side and, if it is not shown, for the side that the rule claims (two-sided test)."""
    seen = f"{'above' if above else 'below'} {rule.margin:g}"
    return f"is {seen}", f"is not shown to be {'below' if rule.direction == '<' else 'above'} {rule.margin:g}"


def _diverges_more(difference: Difference) -> int:
    """1 if the first of two arms lost the larger share of its runs, -1 if the second did, otherwise 0."""
    if len(difference.runs) != 2:
        return 0
    (first, second), (a, b) = map(len, difference.diverged), difference.runs
    return (first * b > second * a) - (first * b < second * a)


def _divergence(rule: Rule, difference: Difference, worse: int) -> _Evidence:
    """Evidence from how often two arms diverge, if one has no accuracy worth comparing."""
    from scipy.stats import fisher_exact

    if worse == 0:
        return _none("has too few runs that finished")
    lost = [len(seeds) for seeds in difference.diverged]
    kept = [runs - n for runs, n in zip(difference.runs, lost, strict=True)]
    p = float(fisher_exact([lost, kept]).pvalue)  # type: ignore[attr-defined]
    words = _words(f"{'below' if worse > 0 else 'above'} 0 by how often runs diverge, Fisher's exact test")
    return _Evidence(_finding(rule, above=worse < 0), p, *words)


def _size(rule: Rule, difference: Difference, level: float) -> Finding | None:
    if rule.size is None or not difference.comparable or difference.sd < GRID:
        return "undecided" if rule.size else None
    (low, high), (least, most) = difference.interval(level), rule.size
    if least <= low and high <= most:
        return "supported"
    return "contradicted" if high < least or low > most else "undecided"


def _seeds(judgement: Judgement, effect: float) -> int | None:
    """The fewest seeds that show a true difference `effect` to be as the rule claims."""
    rule, sd = judgement.rule, judgement.difference.sd
    if rule.direction == "=":
        return seeds_for_equivalence(rule.margin, sd, effect, alpha=judgement.alpha)
    return seeds_needed(effect - rule.margin, sd, alpha=judgement.alpha)
