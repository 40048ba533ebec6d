"""What came out of a study, in words: its module's `FOUND`, with every number read from the stored results.

A reference in braces becomes a number, so that no number in these texts is typed by hand:

    {linear - relu6}                   a difference of arms, paired by seed: 6.9 [5.1, 8.7]
    {linear}                           the mean score of an arm: 47.5 [46.0, 49.0]
    {linear - relu6 | mean}            one number of either: mean, low, high, detectable
    {linear | MAdds}                   a cell of the study's tables, by arm (or what its first column has) and column
    {linear / relu6 | MAdds}           a ratio of two cells
    {a - b; a - c}                     several, joined by commas and "and"
    {a - b; a - c | mean | range}      from the lowest to the highest, or one end of it: lowest, highest
    {ten-epochs: linear - relu6}       the same of another study
    {headline, seeds 100: linear}      or of a study's answer on fresh seeds

Scores are in percent, differences and intervals (95 %, by t) in points of them.
"""

import csv
import importlib
import re
import textwrap
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from analysis.problem import Problem
from analysis.stats import Estimate, Runs, contrast, finished, mean_interval
from analysis.stats.following import Bounds
from analysis.trials import Record, Store
from experiments.studies.registry import STUDIES, find_study
from experiments.study import Study, copy_of, fresh, read_as

REFERENCE = re.compile(r"\{([^{}]+)\}")
ELSEWHERE = re.compile(r"([a-z][a-z-]*)(?:, seeds (\d+))?: (.+)")
SIGN = re.compile(r" ([+-]) ")
NUMBERS = ("mean", "low", "high", "detectable")  # of a mean or a difference
CHOICES: dict[str, Callable[[list[float]], list[float]]] = {
    "range": lambda values: [min(values), max(values)],
    "lowest": lambda values: [min(values)],
    "highest": lambda values: [max(values)],
}
TABLES = ("", "-classes", "-pairs", "-parts")  # of an answer, whose rows have names of their own
WIDTH = 100  # of a printed line


def found(name: str, results: Path) -> str:
    """What came out of the study called `name`, numbers read from `results`. "" for a study without such a text.

    Raises:
        Problem: a number is not there. The message names the study and the reference.
    """
    text = getattr(importlib.import_module(STUDIES[name]), "FOUND", "") if name in STUDIES else ""
    if not text:
        return ""
    study = find_study(name)
    epochs = study.training().epochs
    most = "at most " if study.looks else ""
    budget = f"{most}{len(study.seeds)} seeds, {epochs} epoch{'s' if epochs > 1 else ''}"
    said = f"What came out ({budget}; words of the published runs, numbers of {results}): {text.strip()}"
    return "\n\n".join(textwrap.fill(part, WIDTH) for part in filled(said, study, results).split("\n\n"))


def found_or_why_not(name: str, results: Path) -> str:
    """`found`, or one line on the number that `results` lack, as those of a study do that has not run yet."""
    try:
        return found(name, results)
    except Problem as problem:
        return f"What came out is not shown: {problem}"


def filled(text: str, study: Study, results: Path) -> str:
    """`text` with its references replaced by what `results` hold for `study`.

    Raises:
        Problem: as `found`.
    """
    records = Store(results / "trials").records()[0]

    def replaced(match: re.Match[str]) -> str:
        reference = " ".join(match[1].split())
        try:
            elsewhere = ELSEWHERE.fullmatch(reference)
            if elsewhere is None or elsewhere[1] not in STUDIES:
                return _read(Stored(study, study.seeds, "", records, results), reference)
            other, first, rest = elsewhere.groups()
            asked = find_study(other)
            seeds, suffix = (asked.seeds_from(int(first)), fresh(int(first))) if first else (asked.seeds, "")
            return _read(Stored(asked, seeds, suffix, records, results), rest)
        except (KeyError, Problem) as error:
            why = f"there is no {error}" if isinstance(error, KeyError) else error
            run = f"run {study.command}, or correct the text"
            raise Problem(f"study {study.name}, {{{reference}}}: {why} in {results}; {run}") from error

    return REFERENCE.sub(replaced, text)


@dataclass(frozen=True)
class Stored:
    """A study's answer as it is stored: the runs of its arms and the cells of its tables.

    - `seeds`: of the runs. `suffix`: what the names of its files end with, for fresh seeds.
    - `records`: of the store, whatever they are of. `results`: the folder with the tables.
    """

    study: Study
    seeds: Sequence[int]
    suffix: str
    records: Sequence[Record]
    results: Path

    @cached_property
    def runs(self) -> dict[str, Runs]:
        """Seed -> score in percent, None where diverged, by name of an arm, on the copy that answers the study."""
        study, common = self.study, self.study.training()
        copy = copy_of(study, common, study.dataset, self.records, self.seeds)
        names = {(variant.text, study.recipe_of(arm, common).text): arm for arm, variant in study.arms.items()}
        runs: dict[str, dict[int, float | None]] = {}
        for record in self.records:
            trial, seed = record.trial, record.trial.seed
            name = names.get((trial.variant, trial.recipe))
            if name is None or record.status == "failed" or seed not in self.seeds:
                continue
            if (trial.dataset, trial.digest) != (study.dataset, copy):
                continue
            runs.setdefault(name, {})[seed] = record.score
            for reading in study.readings:
                runs.setdefault(read_as(name, reading), {})[seed] = record.readings.get(reading)
        return {**runs}

    @cached_property
    def cells(self) -> dict[str, dict[str, str]]:
        """Column -> value, by name of an arm or whatever the first column has, of all tables of the answer."""
        study, cells = self.study, {}
        stem = f"{study.name}-{study.dataset}-{study.varied or study.recipe}{self.suffix}"
        for suffix in TABLES:
            path = self.results / "tables" / f"{stem}{suffix}.csv"
            if path.is_file():
                with path.open(newline="") as file:
                    for row in csv.DictReader(file):
                        cells.setdefault(next(iter(row.values())), {}).update(row)
        return cells

    def estimate(self, what: str) -> Estimate | Bounds:
        """The mean of an arm, or a difference of arms such as "a - b" and "a - b - c + d". Of a study in looks, one of
        its parts, or the difference of the first arm to another, with the interval that its table has.

        Raises:
            KeyError: an arm is unknown or has no runs.
            Problem: an arm lacks a seed, the signs do not balance, or a study in looks has no such difference.
        """
        first, *rest = SIGN.split(what)
        if self.study.looks:
            return self._looked(what, first, rest)
        names, weights = [first, *rest[1::2]], [1.0, *(1.0 if sign == "+" else -1.0 for sign in rest[::2])]
        arms = [self.runs[name] for name in names]
        for name, runs in zip(names, arms, strict=True):
            if len(runs) < len(self.seeds):
                raise Problem(f"{name!r} has {len(runs)} of {len(self.seeds)} runs")
        return contrast(arms, weights, names) if rest else mean_interval(finished(arms[0]).values())

    def _looked(self, what: str, first: str, rest: Sequence[str]) -> Estimate | Bounds:
        if not rest:
            return mean_interval(finished(self.runs[first]).values())
        if row := self.cells.get(what):
            mean, low, high = (float(row[column]) for column in ("difference", "from", "to"))
            return Bounds(mean, low, high, int(float(row["seeds"])))
        if first != self.study.names[0] or rest[0] != "-" or len(rest) != 2:
            raise Problem(f"a study in looks has its parts, and differences of {self.study.names[0]} to an arm")
        row = self.cells[rest[1]]
        mean, low, high = (-float(row[column]) for column in ("difference", "to", "from"))
        return Bounds(mean, low, high, int(float(row["seeds"])))

    def cell(self, what: str, column: str) -> float:
        """A cell by arm and column, or the ratio of two arms' cells.

        Raises:
            KeyError: the tables lack the arm or the column.
        """
        above, _, below = what.partition(" / ")
        value = float(self.cells[above][column])
        return value / float(self.cells[below][column]) if below else value


def _read(stored: Stored, reference: str) -> str:
    """The words for a reference without the name of its study."""
    listed, *rest = (part.strip() for part in reference.split("|"))
    column, choice = [*rest, "", ""][:2]
    asked = [part.strip() for part in listed.split(";")]
    if not column:
        estimates = map(stored.estimate, asked)
        return _joined([f"{_tenths(e.mean)} [{_tenths(e.low)}, {_tenths(e.high)}]" for e in estimates])
    if column in NUMBERS:
        values, form = [getattr(stored.estimate(what), column) for what in asked], _tenths
    else:
        values = [stored.cell(what, column) for what in asked]
        form = _ratio if " / " in listed else _tenths if column.endswith("%") else _plain
    if choice:
        values = CHOICES[choice](values)
    return " to ".join(map(form, values)) if choice == "range" else _joined([form(value) for value in values])


def _joined(parts: list[str]) -> str:
    return " and ".join(part for part in (", ".join(parts[:-1]), parts[-1]) if part)


def _tenths(value: float) -> str:
    return f"{value:z.1f}"


def _ratio(value: float) -> str:
    return f"{value:.2f}" if value < 10 else f"{value:.0f}"


def _plain(value: float) -> str:
    """A count in full, anything else to two digits."""
    return f"{value:,.0f}" if value == int(value) else f"{value:.2g}"
