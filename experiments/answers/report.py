"""Answers made again from what is stored: every study, the backends, the audit, and the page that shows them all."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

from analysis.render.arms import Arm
from analysis.tasks.recipes import RECIPES, AnyRecipe
from analysis.trials import Record, Store
from experiments.answers.answer import write
from experiments.answers.pictures import write_classes
from experiments.answers.restored import restored
from experiments.answers.stored import stored_arms
from experiments.answers.study import NoRuns, conditions, write_answer
from experiments.audit import audit
from experiments.audit import report as audit_report
from experiments.measurements.backends import measure as backends
from experiments.page.ablations import Answer
from experiments.page.contents import write_page
from experiments.studies.registry import STUDIES, find_study
from experiments.study import Study, fresh


class Question(NamedTuple):
    """A study, with its own seeds or fresh ones, asked of stored records on a data set with a recipe: its arms with
    their runs, and what must be said of these."""

    study: Study
    recipe: AnyRecipe
    dataset: str
    suffix: str
    arms: Sequence[Arm]
    note: str


def questions(records: Sequence[Record]) -> Iterator[Question]:
    """Every study on every data set that there are records of, with every recipe of its kind.

    With a recipe that is not its own, a study that shares only some of its arms with another is no question: the rest
    of them is not going to run. Nor is one with fewer epochs than its own: whether an answer holds after ten epochs is
    not told by one.
    """
    kinds = [(dataset, recipe) for dataset in sorted({r.trial.dataset for r in records}) for recipe in RECIPES.values()]
    for dataset, recipe in kinds:
        for study in map(find_study, STUDIES):
            if type(recipe) is not type(study.training()):
                continue
            if recipe.epochs < study.training().epochs:
                continue
            seeds = {"": study.seeds, **{fresh(first): study.seeds_from(first) for first in study.fresh}}
            for suffix, each in seeds.items():
                asked = replace(study, seeds=each)
                arms, note = stored_arms(asked, recipe, dataset, records, each)
                if recipe == study.training() or all(arm.runs for arm in arms):
                    yield Question(asked, recipe, dataset, suffix, arms, note)


def report(results: Path) -> Iterator[Path]:
    """Write the audit, and every answer that stored records and measurements give; yield the paths.

    A study is left out where no two arms have runs: on another data set, with another recipe, or not yet.
    """
    yield from write(audit_report.answer(audit(), audit_report.trained(results)), results)
    yield from restored(results)
    records, _ = Store(results / "trials").records()
    asked = list(questions(records))
    for q in asked:
        try:
            yield from write_answer(q.study, q.arms, q.recipe, q.dataset, q.note, results, q.suffix)[0]
        except NoRuns:
            continue
        yield from write_classes(q.study, q.recipe, q.dataset, records, results, q.suffix)
    for dataset, recipe in dict.fromkeys((q.dataset, q.recipe) for q in asked):
        for products in backends.PRODUCTS:
            try:
                yield from backends.write_answer(products, dataset, recipe, results)
            except NoRuns:
                continue


def report_page(board: Sequence[dict[str, Any]], results: Path) -> list[Path]:
    """Write the page of all that lies below `results`; return its path and those of the figures made for it.

    `board`: rows of `experiments.claims.scoreboard.scoreboard`. Synthetic images have no panel.

    Raises:
        Problem: the folder cannot be written to, or a file in it cannot be shown.
    """
    records, _ = Store(results / "trials").records()
    answers = []
    for q in questions([r for r in records if r.trial.dataset != "synthetic"]):
        study, recipe, dataset, suffix, arms, note = q
        runs = {(r.trial.variant, r.trial.seed): r.trial.id for r in records if r.trial.recipe == recipe.text}
        command = f"mnv2 study run {study.name} --recipe {recipe.name}" + f" --fresh-seeds {study.seeds[0]}" * bool(
            suffix
        )
        stem, where = f"{study.name}-{dataset}-{recipe.name}{suffix}", conditions(dataset, note, recipe)
        answers.append(Answer(study, stem, where, command, arms, runs))
    return write_page(board, answers, records, results)
