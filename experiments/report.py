"""Answers made again from what is stored: every study, the backends, the audit."""

from collections.abc import Iterator
from pathlib import Path

from analysis.training.recipe import RECIPES
from analysis.trials import Store
from experiments import backends
from experiments.answer import NoRuns
from experiments.audit import audit
from experiments.audit.report import write as write_audit
from experiments.stored import stored_answer
from experiments.studies import STUDIES, find_study
from experiments.study import fresh


def report(results: Path) -> Iterator[Path]:
    """Write the audit and every answer that the stored records give; yield the paths.

    A study is left out where no two arms have runs: on another data set, with another recipe, or not yet.
    """
    yield from write_audit(audit(), results)
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
