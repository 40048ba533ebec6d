"""Answers made again from what is stored: every study, the backends, the audit, and the page that shows them all."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from analysis.trials import Record, Store
from analysis.trials.tasks import RECIPES, AnyRecipe
from experiments import backends
from experiments.answer import NoRuns, conditions
from experiments.audit import audit
from experiments.audit.report import write as write_audit
from experiments.page.ablations import Answer
from experiments.page.contents import write_page
from experiments.stored import stored_answer, stored_arms
from experiments.studies import STUDIES, find_study
from experiments.study import Study, fresh


class Question(NamedTuple):
    """A study asked of stored records: on a data set, with a recipe, on its own seeds or on fresh ones."""

    study: Study
    recipe: AnyRecipe
    dataset: str
    seeds: Sequence[int]
    suffix: str


def questions(records: Sequence[Record]) -> Iterator[Question]:
    """Every study on every data set that there are records of, with every recipe."""
    kinds = [(dataset, recipe) for dataset in sorted({r.trial.dataset for r in records}) for recipe in RECIPES.values()]
    for dataset, recipe in kinds:
        for study in map(find_study, STUDIES):
            yield Question(study, recipe, dataset, study.seeds, "")
            for first in study.fresh:
                yield Question(study, recipe, dataset, study.seeds_from(first), fresh(first))


def report(results: Path) -> Iterator[Path]:
    """Write the audit and every answer that the stored records give; yield the paths.

    A study is left out where no two arms have runs: on another data set, with another recipe, or not yet.
    """
    yield from write_audit(audit(), results)
    records, _ = Store(results / "trials").records()
    for study, recipe, dataset, seeds, suffix in questions(records):
        try:
            yield from stored_answer(study, recipe, dataset, records, seeds, results, suffix)[0]
        except NoRuns:
            continue
    for dataset, recipe in dict.fromkeys((q.dataset, q.recipe) for q in questions(records)):
        try:
            yield from backends.write_answer(dataset, recipe, backends.STUDY.seeds, results)
        except NoRuns:
            continue


def report_page(board: Sequence[dict[str, Any]], results: Path) -> list[Path]:
    """Write the page of all that lies below `results`; return its path and those of the figures made for it.

    `board`: rows of `experiments.scoreboard.scoreboard`. Synthetic images have no panel.

    Raises:
        Problem: the folder cannot be written to, or a file in it cannot be shown.
    """
    records, _ = Store(results / "trials").records()
    answers = []
    for study, recipe, dataset, seeds, suffix in questions([r for r in records if r.trial.dataset != "synthetic"]):
        arms, note = stored_arms(study, recipe, dataset, records, seeds)
        runs = {(r.trial.variant, r.trial.seed): r.trial.id for r in records if r.trial.recipe == recipe.text}
        command = f"mnv2 study run {study.name} --recipe {recipe.name}" + f" --fresh-seeds {seeds[0]}" * bool(suffix)
        stem, where = f"{study.name}-{dataset}-{recipe.name}{suffix}", conditions(dataset, note, recipe)
        answers.append(Answer(study, stem, where, command, arms, runs))
    return write_page(board, answers, records, results)
