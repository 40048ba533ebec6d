"""Accuracy against cost: every trained variant once, and which are on the Pareto front of which group of them."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from analysis.arch import Variant, label, parse_variant, preset, unroll
from analysis.arch.families import differences
from analysis.cost.budget import QUANTITIES
from analysis.stats import Candidate, Estimate, Runs, finished, mean_interval, pareto_front
from analysis.tasks.classification.recipe import Recipe
from analysis.tasks.recipes import parse_recipe
from analysis.trials import Record
from experiments.answers.conditions import SYNTHETIC, Conditions
from experiments.studies.registry import STUDIES, find_study

EVERY = "all"
FRONT, UNTOLD, BEATEN, UNPLACED = "on the front", "cannot be told from the front", "beaten", "not placed"
PLACES = (FRONT, UNTOLD, BEATEN, UNPLACED)
DOUBT = 0.05  # a variant off the front with more than this probability of being on it cannot be told from it
DRAWS = 4000  # of the true means: probabilities to within a point


@dataclass(frozen=True)
class Point:
    """A variant trained under one budget: data set, note on its copy, recipe.

    `runs`: of the studies' own seeds. `studies`: name -> the arm it is there. `axes`: on which it differs from the
    brief network. `costs`: quantity -> amount for one image.
    """

    variant: Variant
    budget: Conditions
    runs: Runs
    studies: Mapping[str, str]
    axes: tuple[str, ...]
    costs: Mapping[str, int]

    @property
    def label(self) -> str:
        """A short name."""
        return label(self.variant)

    @property
    def estimate(self) -> Estimate:
        """Mean accuracy of the finished runs with its 95 % t interval."""
        return mean_interval(finished(self.runs).values())


class Place(NamedTuple):
    """Where a point is in its group: one of PLACES, and the probability of being on the front."""

    place: str
    probability: float | None


def points(records: Iterable[Record]) -> list[Point]:
    """Every variant of every budget that a run has finished with, in the order of the studies' arms.

    Synthetic images make none, and boxes and masks have another scale.
    """
    arms: dict[str, dict[str, str]] = {}
    seeds: dict[str, set[int]] = {}
    for study in map(find_study, STUDIES):
        for name, variant in study.arms.items():
            arms.setdefault(variant.text, {})[study.name] = name
            seeds.setdefault(variant.text, set()).update(study.seeds)
    runs: dict[tuple[Conditions, str], dict[int, float | None]] = {}
    for record in records:
        trial = record.trial
        if record.status == "failed" or trial.dataset == SYNTHETIC or trial.seed not in seeds.get(trial.variant, ()):
            continue
        recipe = parse_recipe(trial.recipe)
        if not isinstance(recipe, Recipe):
            continue
        budget = Conditions(trial.dataset, (record.note,), recipe)
        runs.setdefault((budget, trial.variant), {})[trial.seed] = record.score
    order = {text: i for i, text in enumerate(arms)}
    found = []
    for budget, text in sorted(runs, key=lambda pair: (*_place(pair[0]), order[pair[1]])):
        if finished(runs[budget, text]):
            found.append(_point(budget, text, runs[budget, text], arms[text]))
    return found


def _place(budget: Conditions) -> tuple[str, tuple[str, ...], int, str]:
    """By which budgets are sorted: data set, then how much training."""
    return budget.dataset, budget.notes, budget.recipe.epochs, budget.recipe.text


def _point(budget: Conditions, text: str, runs: Runs, studies: Mapping[str, str]) -> Point:
    variant = parse_variant(text)
    plan = unroll(variant)
    costs = {name: measure(plan) for name, measure in QUANTITIES.items()}
    brief = preset("brief")
    axes = tuple(differences(variant, brief)) if type(variant) is type(brief) else ("family",)
    return Point(variant, budget, dict(sorted(runs.items())), studies, axes, costs)


def groups(found: Sequence[Point]) -> Iterator[tuple[Conditions, str, str, list[Point]]]:
    """Budget, study, axis (each of the latter EVERY where it is not chosen) and the points of that choice.

    The network that all differ from belongs to every axis.
    """
    for budget in dict.fromkeys(point.budget for point in found):
        here = [point for point in found if point.budget == budget]
        for study in (EVERY, *dict.fromkeys(name for point in here for name in point.studies)):
            mine = [point for point in here if study == EVERY or study in point.studies]
            for axis in (EVERY, *dict.fromkeys(name for point in mine for name in point.axes)):
                yield budget, study, axis, [p for p in mine if axis in (EVERY, *p.axes) or not p.axes]


def placements(chosen: Sequence[Point], quantity: str) -> dict[str, Place]:
    """Text of a variant -> its place among the points chosen.

    The comparison is paired by seed and needs the same seeds of all. Points without every seed that most have are not
    placed.
    """
    done = [frozenset(finished(point.runs)) for point in chosen]
    seeds = max(dict.fromkeys(done), key=lambda each: (done.count(each), len(each)), default=frozenset())
    placed = {point.variant.text: Place(UNPLACED, None) for point in chosen}
    if len(seeds) < 2:
        return placed
    candidates = [
        Candidate(point.variant.text, point.costs[quantity], {seed: point.runs[seed] for seed in seeds})
        for point, mine in zip(chosen, done, strict=True)
        if seeds <= mine
    ]
    for placement in pareto_front(candidates, draws=DRAWS):
        untold = UNTOLD if placement.probability > DOUBT else BEATEN
        placed[placement.name] = Place(FRONT if placement.on_front else untold, round(placement.probability, 3))
    return placed
