"""The runs of both backends that are stored, by arm."""

from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from analysis.stats import Runs
from analysis.tasks.recipes import RECIPES, AnyRecipe
from analysis.trials import Record, Store
from experiments.answers.collect import NoRuns, stored_arms
from experiments.answers.conditions import Conditions
from experiments.measurements.backends.rule import BACKENDS, PRODUCTS, STUDY, Accuracies, seeds


class Compared(NamedTuple):
    """The runs of both backends, the fused ones of kernels that multiply `products`: float32 or bfloat16."""

    products: str
    conditions: Conditions
    runs: Accuracies

    @property
    def kind(self) -> str:
        """Begins the names of its files and verdicts."""
        return STUDY.name if self.products == "float32" else f"{STUDY.name}-{self.products}"

    @property
    def lacking(self) -> dict[str, int]:
        """Arms that have not run with all their seeds, and how many they are to have."""
        planned = {arm: len(seeds(arm, self.products)) for arm in self.runs}
        return {arm: planned[arm] for arm, by in self.runs.items() if min(map(len, by.values())) < planned[arm]}


def store(backend: str, products: str, results: Path) -> Path:
    """Folder of the records of a backend. Fused kernels that multiply other `products` have another."""
    return results / "backends" / (f"fused-{products}" if backend == "fused" else "trials")


def stored(results: Path) -> list[Compared]:
    """Every comparison all of whose arms have runs of both backends: by products, data set and recipe."""
    found = []
    for products in PRODUCTS:
        records = _records(products, results)
        fused, eager = ({(r.trial.dataset, r.trial.recipe) for r in records[backend]} for backend in BACKENDS)
        for dataset, text in sorted(fused & eager):
            for recipe in (recipe for recipe in RECIPES.values() if recipe.text == text):
                with suppress(NoRuns):
                    found.append(_compared(products, dataset, recipe, records))
    return found


def compared(products: str, dataset: str, recipe: AnyRecipe, results: Path) -> Compared:
    """The comparison of the kernels that multiply `products`.

    Raises:
        NoRuns: an arm has no runs of a backend.
    """
    return _compared(products, dataset, recipe, _records(products, results))


def _records(products: str, results: Path) -> dict[str, list[Record]]:
    return {backend: Store(store(backend, products, results)).records()[0] for backend in BACKENDS}


def _compared(products: str, dataset: str, recipe: AnyRecipe, records: dict[str, list[Record]]) -> Compared:
    runs: dict[str, dict[str, Runs]] = {name: {} for name in STUDY.arms}
    planned = {name: seeds(name, products) for name in STUDY.arms}
    most = max(planned.values(), key=len)
    for backend in BACKENDS:
        arms, _ = stored_arms(STUDY, recipe, dataset, records[backend], most)
        for arm in arms:
            runs[arm.name][backend] = {seed: score for seed, score in arm.runs.items() if seed in planned[arm.name]}
    if not all(by[backend] for by in runs.values() for backend in BACKENDS):
        raise NoRuns("not every arm has run with both backends yet: mnv2 backends")
    note = next(record.note for record in records["eager"] if record.trial.dataset == dataset)
    return Compared(products, Conditions(dataset, (note,), recipe), runs)
