"""Answers made again from what is stored: every study, every measurement, the audit, and the page that shows them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

from analysis.tasks.recipes import RECIPES
from analysis.trials import Record, Store
from experiments.answers.answer import Answer, write
from experiments.answers.classes import classes
from experiments.answers.collect import NoRuns, run_ids, stored_arms
from experiments.answers.conditions import Conditions
from experiments.answers.restored import measured, restored, shown
from experiments.answers.study import Question, answer
from experiments.audit import audit
from experiments.audit import report as audit_report
from experiments.page.ablations import Asked
from experiments.page.contents import write_page
from experiments.studies.registry import STUDIES, find_study


class Found(NamedTuple):
    """What a folder of results holds: records of runs, the studies that these answer, measurement -> its answers."""

    records: Sequence[Record]
    asked: Sequence[Asked]
    measured: Mapping[str, Sequence[Answer]]


def found_in(results: Path) -> Found:
    """Everything that is stored below `results`, with the answers that it gives.

    Raises:
        Problem: a stored file is damaged.
    """
    records, _ = Store(results / "trials").records()
    return Found(records, list(answered(records)), measured(results))


def questions(records: Sequence[Record]) -> Iterator[Question]:
    """Every study on every data set that there are records of, with every recipe of its kind.

    With a recipe that is not its own, a study that shares only some of its arms with another is not a question: the
    rest of them is not going to run. Nor is one with fewer epochs than its own: one epoch does not show whether an
    answer holds after ten. A study in looks is one with its own recipe alone.
    """
    ran = {record.trial.recipe for record in records}
    kinds = [(dataset, recipe) for dataset in sorted({r.trial.dataset for r in records}) for recipe in RECIPES.values()]
    for dataset, recipe in kinds:
        for study in map(find_study, STUDIES):
            if type(recipe) is not type(study.training()):
                continue
            other = recipe != study.training()
            if recipe.epochs < study.training().epochs or (other and (study.recipes or study.looks)):
                continue
            if other and recipe.text not in ran:
                continue
            for first in (None, *study.fresh):
                seeds = study.seeds if first is None else study.seeds_from(first)
                asked = replace(study, seeds=seeds)
                arms, notes = stored_arms(asked, recipe, dataset, records, seeds)
                if recipe == study.training() or all(arm.runs for arm in arms):
                    yield Question(asked, Conditions(dataset, notes, recipe, asked.varied), arms, first)


def answered(records: Sequence[Record]) -> Iterator[Asked]:
    """The questions with their answers. One is left out where no two arms have runs: on another data set, with another
    recipe, or not yet."""
    for question in questions(records):
        try:
            made = answer(question)
        except NoRuns:
            continue
        runs = run_ids(question.study, question.conditions.recipe, question.conditions.dataset, records)
        by_class = classes(question, records)
        yield Asked(question, made, runs, [by_class] if by_class else [])


def report(found: Found, results: Path) -> Iterator[Path]:
    """Write the audit and every answer found, and yield the paths.

    Raises:
        Problem: a file cannot be written, or a stored file is damaged.
    """
    yield from write(audit_report.answer(audit(), audit_report.trained(results)), results)
    yield from restored(found.measured, results)
    for asked in found.asked:
        for each in (asked.answer, *asked.more):
            yield from write(each, results)


def report_page(board: Sequence[dict[str, Any]], found: Found, results: Path) -> list[Path]:
    """Write the page of all that was found, and return its path and those of the figures made for it.

    `board`: rows of `experiments.claims.scoreboard.scoreboard`. Synthetic images have no panel.

    Raises:
        Problem: the folder cannot be written to, or a file in it cannot be shown.
    """
    return write_page(board, found.asked, shown(found.measured, results), found.records, results)
