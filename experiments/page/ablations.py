"""A panel for each question: every run, the still figure, the table, what the claims say."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from pathlib import Path

from analysis.render.page.charts import strip
from analysis.render.page.page import slug
from analysis.render.page.parts import Chart, Part, Section, grid
from analysis.render.table import Note, Table
from analysis.stats import finished, paired_difference
from experiments.answers.answer import Answer
from experiments.answers.conditions import SYNTHETIC
from experiments.answers.study import Question
from experiments.page.chapters import LONG, still
from experiments.study import fresh

ABOVE = ("looks", "missing", "claim", "part")  # kinds of notes that a panel begins with
OWN = ("beside",)  # and those that have a table of their own


@dataclass(frozen=True)
class Asked:
    """A question with its answer.

    `runs`: (name of an arm, seed) -> id of the trial. `more`: further answers from the same runs.
    """

    question: Question
    answer: Answer
    runs: Mapping[tuple[str, int], str]
    more: Sequence[Answer] = ()


def ablation_sections(asked: Sequence[Asked], results: Path, charts: bool) -> list[Section]:
    """A panel for each answer but those from synthetic images. With `charts` every run can be pointed at."""
    shown = [each for each in asked if each.question.conditions.dataset != SYNTHETIC]
    names = [each.question.study.name for each in shown]
    return [_panel(each, results, charts, names.count(each.question.study.name) > 1) for each in shown]


def _panel(asked: Asked, results: Path, charts: bool, several: bool) -> Section:
    question, answer, table = asked.question, asked.answer, asked.answer.tables[""]
    study, where = question.study, question.conditions
    title = study.name.replace("-", " ").capitalize()
    if several:
        again = "" if question.first is None else fresh(question.first)
        title += f" ({where.dataset}-{where.recipe.name}{again})"
    parts: list[Part] = [runs_chart(asked)] if charts else []
    if study.lines or not charts:  # arms side by side are what the chart shows already
        caption = f"{study.question} {where.text}."
        parts += filter(None, (still(results, name, _alt(question), caption) for name in answer.figures))
    above = [note for note in table.notes if isinstance(note, Note) and note.kind in ABOVE]
    below = tuple(note for note in table.notes if not (isinstance(note, Note) and note.kind in (*ABOVE, *OWN)))
    text = (f"{study.question} Asked in {study.source}.", *_paragraphs(above))
    costs = replace(table, title="Costs, accuracies and differences by arm", notes=below)
    parts.append(grid(answer.stem, costs, folded=len(table.rows) > LONG))
    if beside := beside_table(question):
        parts.append(grid(f"{answer.stem}-beside", beside, folded=len(beside.rows) > LONG))
    return Section(f"study-{slug(answer.stem)}", title, text, question.command, parts)


def _paragraphs(notes: Sequence[Note]) -> Iterator[str | tuple[str, ...]]:
    """Parts of a claim that follow each other as a list, all else as paragraphs."""
    for parts, group in groupby(notes, key=lambda note: note.kind == "part"):
        texts = tuple(note.text for note in group)
        yield from [texts] if parts else texts


def beside_table(question: Question) -> Table | None:
    """The differences that a study looks at besides those to its baseline. None where it has none."""
    runs = {arm.name: arm.runs for arm in question.arms if arm.runs}
    pairs = [(a, b) for a, b in question.study.beside if {a, b} <= set(runs)]
    if not pairs:
        return None
    found = [paired_difference(runs[a], runs[b], (a, b)) for a, b in pairs]
    rows = [(d.label, d.n, d.mean, d.low, d.high, d.p) for d in found]
    notes = ("In points, paired by seed, each with its own 95 % t interval and p value.",)
    return Table("Differences beside those", ("difference", "n", "mean", "from", "to", "p"), rows, notes)


def runs_chart(asked: Asked) -> Chart:
    """Every run of a study's arms as a point, with means and intervals."""
    rows, means = [], []
    for arm in asked.question.arms:
        done = finished(arm.runs)
        for seed, accuracy in sorted(done.items()):
            run = f"mnv2 trial show {asked.runs[arm.name, seed]}"
            rows.append(
                {"arm": arm.name, "seed": seed, "accuracy": accuracy, "percent": f"{accuracy:.2f} %", "run": run}
            )
        if done:
            e = arm.estimate
            low, high = (e.low, e.high) if e.n > 1 else (e.mean, e.mean)
            words = f"{e.mean:.2f} %" + (f" [{low:.2f}, {high:.2f}]" if e.n > 1 else "")
            ends = {"accuracy": round(e.mean, 3), "low": round(max(low, 0.0), 3), "high": round(min(high, 100.0), 3)}
            means.append({"arm": arm.name, **ends, "n": e.n, "text": words})
    names = [arm.name for arm in asked.question.arms if arm.runs]
    caption = f"{asked.question.conditions.text}. Every run, and below it the mean with its 95 % t interval."
    return Chart(f"runs-{asked.answer.stem}", strip(rows, means, names), _alt(asked.question), caption)


def _alt(question: Question) -> str:
    said = []
    for arm in question.arms:
        if done := finished(arm.runs):
            e = arm.estimate
            ends = f" [{e.low:.1f}, {e.high:.1f}]" if len(done) > 1 else ""
            said.append(f"{arm.name} {e.mean:.1f} %{ends}, n = {e.n}")
    metric = question.metric.capitalize()
    return f"{metric} of every run by arm; means with 95 % intervals: {'; '.join(said)}."
