"""Gaps between two networks, from Figure 6's curves by training step and from stored runs by epochs."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

from analysis.reference import table
from analysis.stats import Difference
from analysis.stats.moderated import difference
from analysis.stats.samples import finished
from analysis.tasks.classification.recipe import RECIPES, TUNED_RATE, Recipe
from analysis.tasks.recipes import parse_recipe
from analysis.trials import Record, Store
from experiments.answers.conditions import NAMES, SYNTHETIC, notes_of
from experiments.studies.expansion_ratio import AT_COST, GRID, WIDTHS, arm
from experiments.studies.headline import STUDY as HEADLINE

LATE = 1.0
"""Millions of steps at the end of the curves over which a gap is averaged: one point varies by 0.1."""

LEAST = 3  # runs of each network, below which an interval says little


class Gap(NamedTuple):
    """A difference that Figure 6 shows: its curves and the arms of the study headline, better minus worse."""

    name: str
    curves: tuple[str, str]
    arms: tuple[str, str]


GAPS = (
    Gap("linear - relu6", ("linear_bottleneck", "relu6_in_bottleneck"), ("linear", "relu6")),
    Gap(
        "bottleneck - no shortcut",
        ("shortcut_between_bottlenecks", "no_residual"),
        ("linear", "no shortcut"),
    ),
    Gap(
        "bottleneck - expansion shortcut",
        ("shortcut_between_bottlenecks", "shortcut_between_expansions"),
        ("linear", "expansion shortcut"),
    ),
)
BASE = RECIPES["brief"]  # of classification
RATES = (BASE.peak_rate, TUNED_RATE)


class Ours(NamedTuple):
    """A gap of stored runs: at which budget, on which data, with what is to be said of the runs.

    `pairs`: of networks that have runs there, whose mean it is. `noted`: whether something is to be said of the copy
    of the data.
    """

    name: str
    epochs: int
    rate: float
    dataset: str
    digest: str
    note: str
    difference: Difference
    pairs: int = 1
    noted: bool = False

    @property
    def where(self) -> str:
        """Data and rate in words: "CIFAR-10 (JPEG copy; backend fused), peak rate 0.1"."""
        return f"{NAMES.get(self.dataset, self.dataset)} ({self.note}), peak rate {self.rate:g}"


class Measured(NamedTuple):
    """Gaps of both kinds. `published`: name -> (millions of steps, points). `expansion`: t = 6 minus t = 1 at equal
    multiply-adds, the mean over the budgets that have runs of both."""

    published: Mapping[str, list[tuple[float, float]]]
    ours: list[Ours]
    expansion: list[Ours]


def published() -> dict[str, list[tuple[float, float]]]:
    """Gap -> (millions of steps, points), at the steps that both of its curves have."""
    curves: dict[str, dict[float, float]] = {}
    for row in table("figure6_curves"):
        curves.setdefault(row["curve"], {})[float(row["step_millions"])] = float(row["top1_pct"])
    found = {}
    for gap in GAPS:
        better, worse = (curves[name] for name in gap.curves)
        found[gap.name] = [(step, better[step] - worse[step]) for step in sorted(set(better) & set(worse))]
    return found


def late(gap: list[tuple[float, float]]) -> float:
    """Mean of a published gap over the last `LATE` millions of steps, in points."""
    values = [points for step, points in gap if step > gap[-1][0] - LATE]
    return sum(values) / len(values)


def early(gap: list[tuple[float, float]]) -> float:
    """Mean of a published gap over the first `LATE` millions of steps that both curves show, in points."""
    values = [points for step, points in gap if step < gap[0][0] + LATE]
    return sum(values) / len(values)


def stored(results: Path) -> list[Measured]:
    """What the runs below `results` say, next to Figure 6. None without runs of both networks of a gap.

    Raises:
        Problem: the store is damaged.
    """
    return measured(Store(results / "trials").records()[0])


def measured(records: Iterable[Record]) -> list[Measured]:
    """One, or none where no gap has runs."""
    runs = by_budget(records)
    ours = [
        made
        for gap in GAPS
        for made in gaps(gap.name, [(HEADLINE.arms[gap.arms[0]].text, HEADLINE.arms[gap.arms[1]].text)], runs)
    ]
    pairs = [(GRID[arm(width, 6)].text, AT_COST[arm(width, 1, equal=True)].text) for width in sorted(WIDTHS)]
    expansion = gaps("t = 6 - t = 1 at equal multiply-adds", pairs, runs)
    return [Measured(published(), ours, expansion)] if ours or expansion else []


class Budget(NamedTuple):
    """What runs were trained with."""

    dataset: str
    digest: str
    rate: float
    epochs: int


Runs = Mapping[Budget, Mapping[str, Mapping[int, Record]]]


def by_budget(records: Iterable[Record]) -> Runs:
    """Budget -> text of a variant -> seed -> record, of runs by the recipe brief at any number of epochs and one of
    `RATES`, in the order of budgets."""
    found: dict[Budget, dict[str, dict[int, Record]]] = {}
    for record in records:
        recipe = parse_recipe(record.trial.recipe)
        if not isinstance(recipe, Recipe) or record.status == "failed" or record.trial.start:
            continue
        common = replace(recipe, name=BASE.name, epochs=BASE.epochs, peak_rate=BASE.peak_rate)
        if common == BASE and recipe.peak_rate in RATES:
            key = Budget(record.trial.dataset, record.trial.digest, recipe.peak_rate, recipe.epochs)
            found.setdefault(key, {}).setdefault(record.trial.variant, {})[record.trial.seed] = record
    return dict(sorted(found.items(), key=lambda item: item[0]))


def gaps(name: str, pairs: Sequence[tuple[str, str]], runs: Runs) -> list[Ours]:
    """The mean over those of `pairs` (better, worse) that have runs, at each budget, with Welch's interval."""
    made = []
    for budget, variants in runs.items():
        there = [pair for pair in pairs if all(_enough(variants.get(text, {})) for text in pair)]
        if not there or budget.dataset == SYNTHETIC:
            continue
        used = [variants[text] for pair in there for text in pair]
        arms = {str(i): {seed: r.score for seed, r in each.items()} for i, each in enumerate(used)}
        weights = {str(i): (-1.0 if i % 2 else 1.0) / len(there) for i in range(len(used))}
        records = [record for each in used for record in each.values()]
        note = "; ".join(notes_of(records))
        many = f", mean of {len(there)}" if len(there) > 1 else ""
        found = difference(arms, weights, spread="welch", title=name + many)
        made.append(
            Ours(
                name,
                budget.epochs,
                budget.rate,
                budget.dataset,
                budget.digest,
                note,
                found,
                len(there),
                any(r.note for r in records),
            )
        )
    return made


def _enough(runs: Mapping[int, Record]) -> bool:
    return len(finished({seed: record.score for seed, record in runs.items()})) >= LEAST
