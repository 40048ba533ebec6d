"""Everything generated below results/, made again from the records and measurements that are stored there."""

from collections.abc import Iterator
from pathlib import Path

from analysis.training.recipe import RECIPES
from analysis.trials import Store
from experiments import backends
from experiments.answer import NoRuns
from experiments.stored import stored_answer
from experiments.studies import STUDIES, find_study
from experiments.study import fresh


def report(results: Path) -> Iterator[Path]:
    """Write every answer that the stored records give; yield the paths.

    An answer is left out where an arm has no run: on another data set, with another recipe, or not yet.
    """
    records, _ = Store(results / "trials").records()
    kinds = [(dataset, recipe) for dataset in sorted({r.trial.dataset for r in records}) for recipe in RECIPES.values()]
    for dataset, recipe in kinds:
        for study in map(find_study, STUDIES):
            for first in (None, *study.fresh):
                seeds = study.seeds if first is None else study.seeds_from(first)
                suffix = "" if first is None else fresh(first)
                try:
                    yield from stored_answer(study, recipe, dataset, records, seeds, results, suffix)[0]
                except NoRuns:
                    continue
        try:
            yield from backends.write_answer(dataset, recipe, backends.STUDY.seeds, results)
        except NoRuns:
            continue
