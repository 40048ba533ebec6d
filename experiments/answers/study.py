"""A study's answer from its runs: table, figure, verdicts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from textwrap import fill

from analysis.render.arms import Arm, arms_figure, arms_table
from analysis.render.curves import curves_figure
from analysis.render.table import Note, Table
from analysis.stats import (
    Difference,
    Judgement,
    all_of,
    contrast,
    finished,
    judge_together,
    paired_difference,
    verdict,
)
from analysis.stats.following import Bounds
from experiments.answers import looks, ranking, rates
from experiments.answers.answer import Answer, Drawing
from experiments.answers.collect import NoRuns
from experiments.answers.conditions import Conditions
from experiments.claims.ablations import CLAIMS, Claim
from experiments.claims.evidence import Evidence
from experiments.study import Study, fresh

Judged = Sequence[tuple[Claim, Sequence[Judgement]]]


@dataclass(frozen=True)
class Question:
    """A study, on the seeds that it is asked with, and its arms with their runs.

    `first`: the first of the fresh seeds, None where the seeds are the study's own.
    """

    study: Study
    conditions: Conditions
    arms: Sequence[Arm]
    first: int | None = None

    @property
    def stem(self) -> str:
        """Name of the answer's files."""
        where = self.conditions
        return stem(self.study, where.dataset, where.varied or where.recipe.name, self.first)

    @property
    def command(self) -> str:
        """What answers it."""
        study, where = self.study, self.conditions
        elsewhere = f" --dataset {where.dataset}" if where.dataset != study.dataset else ""
        recipe = "" if where.varied else f" --recipe {where.recipe.name}"
        again = "" if self.first is None else f" --fresh-seeds {self.first}"
        return f"{study.command}{recipe}{elsewhere}{again}"

    @property
    def metric(self) -> str:
        """What its runs are compared by."""
        return "validation accuracy" if self.study.chooses else self.conditions.recipe.metric

    @property
    def evidence(self) -> Evidence:
        """What its verdicts rest on."""
        recipe = self.conditions.recipe
        judge, again = f"study:{self.study.name}", self.first is not None
        return Evidence(judge, self.conditions.dataset, recipe.name, recipe.epochs, again)


def stem(study: Study, dataset: str, recipe: str, first: int | None = None) -> str:
    """Name of the files of a study's answer. `first`: the first of fresh seeds."""
    return f"{study.name}-{dataset}-{recipe}" + ("" if first is None else fresh(first))


def answer(question: Question) -> Answer:
    """Table, figure and verdicts of a study. Arms without runs are left out and named.

    Raises:
        NoRuns: the baseline has no run, or no other arm has.
    """
    study, baseline = question.study, question.arms[0]
    if study.order or study.chooses:
        return _of_all(question)
    arms = [arm for arm in question.arms if arm.runs]
    if len(arms) < 2 or arms[0] is not baseline:
        raise NoRuns(f"study {study.name} has no two arms to compare yet: {study.command}")
    where = f"study {study.name}: {question.conditions.text}"
    if study.looks:
        found = looks.looked(study, arms)
        notes, given, against = looks.notes(found), looks.verdicts(found, where), found.against
        further = {"-parts": looks.decided(found)} if found.looks else {}
    else:
        parts = judged(study, arms)
        notes, against = [*_missing(study, arms), *_claims(parts, question.conditions)], None
        given, further = [verdict(claim.id, where, all_of(each)) for claim, each in parts], {}
    return Answer(
        question.stem,
        {"": table(question, arms, notes, against), **further},
        {question.stem: drawing(question, arms, against)},
        given,
        question.evidence,
    )


def _of_all(question: Question) -> Answer:
    """The answer of a study whose arms are judged as a whole: in which order, at which rate."""
    study, arms, where = question.study, question.arms, question.conditions
    kind = ranking if study.order else rates
    title = fill(f"{study.question} {where.text}", 110)
    drawn = Drawing(lambda: kind.figure(study, arms, title), 2.0, 0.45)
    return Answer(question.stem, kind.tables(study, arms, [_where(question)]), {question.stem: drawn})


def summary(question: Question) -> Table:
    """The answer in a few columns, for a terminal: a row an arm, with its difference to the first.

    Raises:
        NoRuns: too few runs.
    """
    if question.study.order or question.study.chooses:
        return (ranking if question.study.order else rates).summary(question.study, question.arms)
    first, *_ = arms = [arm for arm in question.arms if arm.runs]
    against = looks.looked(question.study, arms).against if question.study.looks else None
    rows: list[tuple[object, ...]] = []
    for arm in arms:
        d = (arm.minus(first) if against is None else against[arm.name]) if arm is not first else None
        estimate = arm.estimate if finished(arm.runs) else None
        ends = (d.mean, d.low, d.high) if d else (None, None, None)
        rows.append((arm.name, estimate.n if estimate else 0, estimate.mean if estimate else None, *ends))
    metric = question.conditions.recipe.metric.removeprefix("test ")
    return Table(question.study.question, ("arm", "n", f"{metric} %", "difference", "from", "to"), rows)


def judged(study: Study, arms: Sequence[Arm]) -> list[tuple[Claim, list[Judgement]]]:
    """The claims that these arms of the study decide, each with the judgements of its parts, all judged together.

    An arm decides nothing until it has run with every seed: judging half a study would be peeking. Claims that still
    wait for an arm count in the correction for many comparisons.
    """
    runs = {arm.name: arm.runs for arm in arms if len(arm.runs) == len(study.seeds)}
    asked = [claim for claim in CLAIMS if claim.study == study.name]
    claims = [claim for claim in asked if all(set(part.weights) <= set(runs) for part in claim.parts)]
    waiting = sum(len(claim.parts) for claim in asked if claim not in claims)
    cases = [
        (part.rule, contrast([runs[arm] for arm in part.weights], list(part.weights.values()), title=part.title))
        for claim in claims
        for part in claim.parts
    ]
    judgements = iter(judge_together(cases, waiting))
    return [(claim, [next(judgements) for _ in claim.parts]) for claim in claims]


def interval(d: Difference) -> str:
    """A difference in words: +1.2 [+0.3, +2.1], n = 5. Equal differences have no interval."""
    if not d.varied:
        return f"{d.mean:+.2f}, equal over n = {d.n} seeds"
    return f"{d.mean:+.2f} [{d.low:+.2f}, {d.high:+.2f}], n = {d.n}"


def table(
    question: Question, arms: Sequence[Arm], judged: Sequence[Note], against: Mapping[str, Bounds] | None = None
) -> Table:
    """A row an arm. The notes say where it holds, what is missing, how each claim is judged, further differences."""
    study, where = question.study, question.conditions
    notes = [_where(question), *judged, *_further(study, arms)]
    return arms_table(study.question, arms, notes, study.x == "madds", where.recipe.metric, against)


def _where(question: Question) -> Note:
    return Note("conditions", f"{question.conditions.text}; {question.study.source}. Command: `{question.command}`.")


def _missing(study: Study, arms: Sequence[Arm]) -> list[Note]:
    runs = {arm.name: arm.runs for arm in arms}
    lines = []
    if missing := [name for name in study.names if name not in runs]:
        lines.append(f"NOT RUN YET: {'; '.join(missing)}. Claims that need them are not judged.")
    planned = len(study.seeds)
    if short := [f"{name} ({len(each)})" for name, each in runs.items() if len(each) < planned]:
        lines.append(f"FEWER THAN {planned} RUNS YET: {'; '.join(short)}. Claims that need them are not judged.")
    return [Note("missing", line) for line in lines]


def _claims(parts: Judged, where: Conditions) -> list[Note]:
    notes = []
    for claim, judgements in parts:
        whole = verdict(claim.id, where.text, all_of(judgements)).sentence
        notes.append(Note("claim", f"Claim `{claim.id}`: {whole}."))
        for j in judgements:
            text = f"{interval(j.difference)}: {j.finding}. {j.reason}; rule: {j.rule.sentence}"
            notes.append(Note("part", text))
    return notes


def _further(study: Study, arms: Sequence[Arm]) -> list[Note]:
    runs = {arm.name: arm.runs for arm in arms}
    differences = [paired_difference(runs[a], runs[b], (a, b)) for a, b in study.beside if {a, b} <= set(runs)]
    return [
        Note("beside", f"Beside: {d.label}: {interval(d)}" + (f", p = {d.p:.2g}" if d.varied else ""))
        for d in differences
    ]


def drawing(question: Question, arms: Sequence[Arm], against: Mapping[str, Bounds] | None = None) -> Drawing:
    """The arms as lines where the study says how they are joined, else next to each other."""
    study, metric = question.study, question.conditions.recipe.metric
    named = {arm.name: arm for arm in arms}
    lines = {line: [named[name] for name in names if name in named] for line, names in study.lines.items()}
    columns = (2.0 if study.published else 1.4) if lines else max(1.0, len(arms) / 4)
    runs = {len(arm.runs) for arm in arms}
    count = f"{min(runs)}" if len(runs) == 1 else f"{min(runs)} to {max(runs)}"
    width = int(50 * columns)  # characters that fit above the axes
    title = f"{fill(study.question, width)}\n{fill(question.conditions.text, width)}\n"
    title += f"n = {count}, mean and 95 % t interval"
    if not lines:
        return Drawing(lambda: arms_figure(arms, title, metric, against), columns, 0.85 / columns)
    drawn = {line: each for line, each in lines.items() if each}
    return Drawing(
        lambda: curves_figure(drawn, study.x, title, metric, study.published, study.published_by),
        columns,
        0.5 if study.published else 0.65,
    )
