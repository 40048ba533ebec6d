"""A study whose seeds come in looks: what its runs so far decide, and which runs the next look wants."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from analysis.render.arms import Arm
from analysis.render.table import Note, Table
from analysis.stats import Rule, Runs, Verdict
from analysis.stats.boundaries import GroupSequential, nominal_levels
from analysis.stats.following import Bounds, Outcome, Progress, bounds_at, follow
from analysis.stats.moderated import difference
from analysis.stats.power import smallest_detectable
from analysis.stats.sequential import Part
from experiments.claims.ablations import CLAIMS
from experiments.claims.proposals import PROPOSALS, Needs, between
from experiments.study import Study

OWN = Rule(">", negligible=1.0, interest=1.0)
"""The rule for an arm that no registered claim weighs: is it better than the first, by a point or more?"""


@dataclass(frozen=True)
class Looked:
    """A study at its last look.

    - `progress`: of all parts. `claims`: registered ones with their parts, as (id, outcomes, needs).
    - `against`: arm -> its score minus the first arm's, in points, with an interval that holds after stopping.
    - `wanted`: arm -> the seeds that it lacks for the next look. `runs`: what was judged, by name.
    """

    study: Study
    progress: Progress
    claims: Sequence[tuple[str, Sequence[Outcome], Needs]]
    against: Mapping[str, Bounds]
    wanted: Mapping[str, Sequence[int]]
    runs: Mapping[str, Runs]

    @property
    def looks(self) -> int:
        """How many there have been."""
        return max(outcome.looks for outcome in self.progress.outcomes)


ANALYSIS = (
    "registered rules; seeds in looks, unpaired, variances moderated over the arms, the parts of the study share 5 %, "
    "95 % intervals that hold after stopping"
)


class Asked(NamedTuple):
    """A claim's id ("" for what no claim asks), its parts, which of them have to hold, and whether its rules were
    registered."""

    claim: str
    parts: Sequence[Part]
    needs: Needs = "every"
    registered: bool = True


def parts_of(study: Study) -> list[Asked]:
    """What a study decides: by the proposed rules where it has some, which were made for looks, else by its registered
    claims. Each arm that they leave out is compared with the first."""
    rules = study.rules or study.name
    if proposed := [each for each in PROPOSALS if each.study == rules]:
        found = [Asked(each.id, each.parts, each.needs) for each in proposed]
    else:
        claims = [claim for claim in CLAIMS if claim.study == rules]
        found = [Asked(claim.id, claim.parts) for claim in claims]
    if reads_of(study):
        return found
    first, *others = study.names
    weighed = {name for each in found for part in each.parts for name, weight in part.weights.items() if weight}
    own = [Part(f"{arm} - {first}", {arm: 1.0, first: -1.0}, OWN) for arm in others if arm not in weighed]
    return [*found, Asked("", own, registered=False)] if own else found


def reads_of(study: Study) -> dict[str, tuple[str, str]]:
    """What the rules of a study read as differences of two readings of one run, by name."""
    rules = study.rules or study.name
    return {name: pair for each in PROPOSALS if each.study == rules for name, pair in (each.reads or {}).items()}


def looked(study: Study, arms: Iterable[Arm]) -> Looked:
    """A study judged at every look that the runs of `arms` allow. Arms that are not among them have no runs.

    Raises:
        Problem: too few seeds for a look.
    """
    design, asked, reads = design_of(study), parts_of(study), reads_of(study)
    known = {arm.name: arm.runs for arm in arms}
    runs: dict[str, Runs] = {name: known.get(name, {}) for name in study.names}
    judged = between(runs, reads) if reads else runs
    progress = follow(design, [part for each in asked for part in each.parts], judged, study.seeds)
    outcomes = iter(progress.outcomes)
    claims: list[tuple[str, Sequence[Outcome], Needs]] = [
        (each.claim, [next(outcomes) for _ in each.parts], each.needs) for each in asked
    ]
    used = dict.fromkeys(runs, max(progress.used.values())) if reads else progress.used
    first, *others = study.names
    against = {}
    for arm in others:
        weights = {arm: 1.0, first: -1.0}
        if found := [each for each in progress.outcomes if dict(each.part.weights) in (weights, _mirrored(weights))]:
            against[arm] = _bounds(found[0], dict(found[0].part.weights) == weights)
        else:
            against[arm] = bounds_at(design, weights, runs, study.seeds, used)
    wanted = {reads[name][0] if reads else name: seeds for name, seeds in progress.wanted.items()}
    return Looked(study, progress, [each for each in claims if each[0]], against, wanted, judged)


def design_of(study: Study) -> GroupSequential:
    """Looks with alpha spending, the last at the most seeds that the study takes."""
    return GroupSequential().upto(len(study.seeds))


def notes(found: Looked) -> list[Note]:
    """How the study was judged and what it lacks, each claim, and each part with its look."""
    study, progress = found.study, found.progress
    used = ", ".join(f"{name} {count}" for name, count in progress.used.items())
    ends = (
        f"Seeds in looks (at {', '.join(map(str, design_of(study).looks))}), an arm until all that it serves is "
        f"decided. Looks so far: {found.looks}, seeds used: {used}. The error of 5 % is shared by all looks and parts, "
        "and the intervals hold after stopping (alpha spending, variances moderated over the arms)."
    )
    lines = [Note("looks", ends)]
    if not progress.over:
        wanted = "; ".join(f"{name} ({len(seeds)})" for name, seeds in found.wanted.items())
        lines.append(Note("missing", f"UNDER WAY: the next look wants runs of {wanted}."))
    claimed = set()
    for claim, outcomes, needs in found.claims:
        whole = _verdict(found, claim, together(outcomes, needs), "")
        lines.append(Note("claim", f"Claim `{claim}`: {whole.sentence}."))
        lines += [_part(outcome) for outcome in outcomes]
        claimed.update(id(outcome) for outcome in outcomes)
    return lines + [_part(outcome) for outcome in progress.outcomes if id(outcome) not in claimed]


def verdicts(found: Looked, where: str) -> list[Verdict]:
    """The verdict on each registered claim that has had a look."""
    decisive = [(claim, together(outcomes, needs)) for claim, outcomes, needs in found.claims]
    return [_verdict(found, claim, outcome, where) for claim, outcome in decisive if outcome.looks]


def _verdict(found: Looked, claim: str, outcome: Outcome, where: str) -> Verdict:
    ends = (outcome.effect, outcome.low, outcome.high) if outcome.looks else (None, None, None)
    shows = detectable(found, outcome.part) if outcome.finding == "undecided" and outcome.looks else None
    why, needs = outcome.reason, outcome.needs
    return Verdict(claim, outcome.finding, where, *ends, outcome.seeds, outcome.size, why, needs, ANALYSIS, shows=shows)


def detectable(found: Looked, part: Part) -> float | None:
    """The true effect that the design would show by its last look with probability 0.8, at the spread so far, in
    points. About so: earlier looks add a little."""
    design, study = design_of(found.study), found.study
    taken = {name: {s: runs[s] for s in study.seeds if s in runs} for name, runs in found.runs.items()}
    spread = difference(taken, part.weights).sd
    shared = design.alpha / len(found.progress.outcomes)
    return smallest_detectable(spread, design.looks[-1], alpha=nominal_levels(design.looks, shared)[-1])


def decided(found: Looked) -> Table:
    """What is decided and what is open, a row a part: for a terminal while the study runs, and for what quotes it."""
    rows = [
        (each.part.title, each.seeds, each.effect, each.low, each.high, _state(each))
        for each in found.progress.outcomes
        if each.looks
    ]
    note = "Differences in points, with 95 % intervals that hold after stopping, at the look that decided or the last."
    return Table(found.study.question, ("part", "seeds", "difference", "from", "to", "so far"), rows, (note,))


def together(outcomes: Sequence[Outcome], needs: Needs = "every") -> Outcome:
    """The outcome that decides a claim.

    - All parts have to hold ("every"): a contradicted part, the clearest one, else an undecided one, the least clear,
      else the least clear of all.
    - One has to hold ("some"): a supported part, the clearest one, else an undecided one, else a contradicted one, the
      least clear.
    """

    def clear(outcome: Outcome) -> float:
        half = (outcome.high - outcome.low) / 2
        return abs(outcome.effect - outcome.part.rule.margin) / half if half > 0 else 0.0

    decisive = "contradicted" if needs == "every" else "supported"
    if strongest := [each for each in outcomes if each.finding == decisive]:
        return max(strongest, key=clear)
    return min([each for each in outcomes if each.finding == "undecided"] or outcomes, key=clear)


def _part(outcome: Outcome) -> Note:
    if not outcome.looks:
        return Note("part", f"{outcome.part.title}: no look yet; rule: {outcome.part.rule.sentence}")
    ends = f"{outcome.effect:+.2f} [{outcome.low:+.2f}, {outcome.high:+.2f}], {outcome.seeds} seeds"
    return Note("part", f"{ends}: {outcome.finding}. {outcome.reason}; rule: {outcome.part.rule.sentence}")


def _state(outcome: Outcome) -> str:
    if outcome.finding != "undecided":
        return outcome.finding
    return "ended undecided" if outcome.over else "open"


def _bounds(outcome: Outcome, same: bool) -> Bounds:
    if same:
        return Bounds(outcome.effect, outcome.low, outcome.high, outcome.seeds)
    return Bounds(-outcome.effect, -outcome.high, -outcome.low, outcome.seeds)


def _mirrored(weights: Mapping[str, float]) -> dict[str, float]:
    return {name: -weight for name, weight in weights.items()}
