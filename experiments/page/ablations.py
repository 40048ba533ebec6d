"""A panel for each question: every run, the still figure, the table, what the claims say."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from analysis.render.arms import Arm
from analysis.render.page.page import slug
from analysis.render.page.parts import Chart, Part, Section, grid
from analysis.render.table import Table
from analysis.stats import finished, paired_difference
from experiments.page.shelves import LONG, still, stored_grid
from experiments.study import Study


@dataclass(frozen=True)
class Answer:
    """A study with its arms as stored.

    `stem` names its table and figure, `command` makes them; `where`: data and budget in words; `runs`: (text of a
    variant, seed) -> id of the trial.
    """

    study: Study
    stem: str
    where: str
    command: str
    arms: Sequence[Arm]
    runs: Mapping[tuple[str, int], str]


def ablation_sections(answers: Sequence[Answer], results: Path, charts: bool) -> list[Section]:
    """A panel for each answer that has its table below `results`; with `charts` every run can be pointed at."""
    shown = [answer for answer in answers if (results / "tables" / f"{answer.stem}.csv").is_file()]
    names = [answer.study.name for answer in shown]
    return [_panel(answer, results, charts, names.count(answer.study.name) > 1) for answer in shown]


def _panel(answer: Answer, results: Path, charts: bool, several: bool) -> Section:
    study, table = answer.study, stored_grid(results / "tables" / f"{answer.stem}.csv")
    drawn, figure = results / "figures" / f"{answer.stem}.svg", None
    if drawn.is_file():
        figure = still(drawn, _alt(answer), f"{study.question} {answer.where}.")
    title = study.name.replace("-", " ").capitalize() + (f" ({answer.stem.removeprefix(study.name + '-')})" * several)
    parts: list[Part] = [runs_chart(answer)] if charts else []
    if figure and (study.lines or not charts):
        parts.append(figure)  # arms side by side are what the chart shows already
    notes = [note for note in table.notes if note.startswith(("Claim", "- ", "NOT RUN YET", "FEWER THAN"))]
    rest = tuple(note for note in table.notes if note not in notes)
    notes = [note for note in notes if not note.startswith("- Beside")]  # have a table of their own
    text = (f"{study.question} Asked in {study.source}.", *_blocks(notes))
    parts.append(replace(table, title="Costs, accuracies and differences by arm", notes=rest))
    if beside := beside_table(answer):
        parts.append(grid(f"{answer.stem}-beside", beside, folded=len(beside.rows) > LONG))
    return Section(f"study-{slug(answer.stem)}", title, text, answer.command, parts)


def _blocks(text: Sequence[str]) -> list[str | tuple[str, ...]]:
    """Paragraphs as they are, items that follow each other as a list."""
    blocks: list[str | tuple[str, ...]] = []
    for line in text:
        if not line.startswith("- "):
            blocks.append(line)
        elif blocks and isinstance(blocks[-1], tuple):
            blocks[-1] = (*blocks[-1], line.removeprefix("- "))
        else:
            blocks.append((line.removeprefix("- "),))
    return blocks


def beside_table(answer: Answer) -> Table | None:
    """The differences that a study looks at besides those to its baseline; None where it has none."""
    runs = {arm.name: arm.runs for arm in answer.arms if arm.runs}
    pairs = [(a, b) for a, b in answer.study.beside if {a, b} <= set(runs)]
    if not pairs:
        return None
    found = [paired_difference(runs[a], runs[b], (a, b)) for a, b in pairs]
    rows = [(d.label, d.n, d.mean, d.low, d.high, d.p) for d in found]
    notes = ("In points, paired by seed, each with its own 95 % t interval and p value.",)
    return Table("Differences beside those", ("difference", "n", "mean", "from", "to", "p"), rows, notes)


def runs_chart(answer: Answer) -> Chart:
    """Every run of a study's arms as a point, with means and intervals."""
    from analysis.render.page.charts import strip

    rows, means = [], []
    for arm in answer.arms:
        done = finished(arm.runs)
        for seed, accuracy in sorted(done.items()):
            run = f"mnv2 trial show {answer.runs[arm.variant.text, seed]}"
            rows.append(
                {"arm": arm.name, "seed": seed, "accuracy": accuracy, "percent": f"{accuracy:.2f} %", "run": run}
            )
        if done:
            e = arm.estimate
            low, high = (e.low, e.high) if e.n > 1 else (e.mean, e.mean)
            words = f"{e.mean:.2f} %" + (f" [{low:.2f}, {high:.2f}]" if e.n > 1 else "")
            ends = {"accuracy": round(e.mean, 3), "low": round(max(low, 0.0), 3), "high": round(min(high, 100.0), 3)}
            means.append({"arm": arm.name, **ends, "n": e.n, "text": words})
    names = [arm.name for arm in answer.arms if arm.runs]
    caption = f"{answer.where}. Every run, and below it the mean with its 95 % t interval."
    return Chart(f"runs-{answer.stem}", strip(rows, means, names), _alt(answer), caption)


def _alt(answer: Answer) -> str:
    said = []
    for arm in answer.arms:
        if done := finished(arm.runs):
            e = arm.estimate
            ends = f" [{e.low:.1f}, {e.high:.1f}]" if len(done) > 1 else ""
            said.append(f"{arm.name} {e.mean:.1f} %{ends}, n = {e.n}")
    return f"Test accuracy of every run by arm; means with 95 % intervals: {'; '.join(said)}."
