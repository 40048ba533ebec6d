"""Answers made again from what is stored: every study, every measurement, the audit, and the page that shows them."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from analysis.tasks.recipes import RECIPES
from analysis.trials import Record, Store
from experiments.answers.answer import write
from experiments.answers.classes import classes
from experiments.answers.collect import NoRuns, stored_arms
from experiments.answers.conditions import SYNTHETIC, Conditions
from experiments.answers.restored import restored, shown
from experiments.answers.study import Question, answer
from experiments.audit import audit
from experiments.audit import report as audit_report
from experiments.page.ablations import Asked
from experiments.page.contents import write_page
from experiments.studies.registry import STUDIES, find_study


def questions(records: Sequence[Record]) -> Iterator[Question]:
    """Every study on every data set that there are records of, with every recipe of its kind.

    With a recipe that is not its own, a study that shares only some of its arms with another is not a question: the
    rest of them is not going to run. Nor is one with fewer epochs than its own: one epoch does not show whether an
    answer holds after ten.
    """
    kinds = [(dataset, recipe) for dataset in sorted({r.trial.dataset for r in records}) for recipe in RECIPES.values()]
    for dataset, recipe in kinds:
        for study in map(find_study, STUDIES):
            if type(recipe) is not type(study.training()):
                continue
            if recipe.epochs < study.training().epochs:
                continue
            for first in (None, *study.fresh):
                seeds = study.seeds if first is None else study.seeds_from(first)
                asked = replace(study, seeds=seeds)
                arms, notes = stored_arms(asked, recipe, dataset, records, seeds)
                if recipe == study.training() or all(arm.runs for arm in arms):
                    yield Question(asked, Conditions(dataset, notes, recipe), arms, first)


def report(results: Path) -> Iterator[Path]:
    """Write the audit, and every answer that stored records and measurements give; yield the paths.

    A study is left out where no two arms have runs: on another data set, with another recipe, or not yet.
    """
    yield from write(audit_report.answer(audit(), audit_report.trained(results)), results)
    yield from restored(results)
    records, _ = Store(results / "trials").records()
    for question in questions(records):
        try:
            yield from write(answer(question), results)
        except NoRuns:
            continue
        if by_class := classes(question, records):
            yield from write(by_class, results)


def report_page(board: Sequence[dict[str, Any]], results: Path) -> list[Path]:
    """Write the page of all that lies below `results`; return its path and those of the figures made for it.

    `board`: rows of `experiments.claims.scoreboard.scoreboard`. Synthetic images have no panel.

    Raises:
        Problem: the folder cannot be written to, or a file in it cannot be shown.
    """
    records = [r for r in Store(results / "trials").records()[0] if r.trial.dataset != SYNTHETIC]
    asked = []
    for question in questions(records):
        try:
            whole = answer(question)
        except NoRuns:
            continue
        text = question.conditions.recipe.text
        runs = {(r.trial.variant, r.trial.seed): r.trial.id for r in records if r.trial.recipe == text}
        again = "" if question.first is None else f" --fresh-seeds {question.first}"
        by_class = classes(question, records)
        asked.append(Asked(question, whole, question.command + again, runs, [by_class] if by_class else []))
    return write_page(board, asked, shown(results), records, results)
