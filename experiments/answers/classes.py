"""What an answer on boxes or masks has besides: scores by class, minutes, guesses that see no image."""

import statistics
from collections.abc import Sequence
from typing import Any

from analysis.render.table import Table
from analysis.tasks.recipes import AnyRecipe
from analysis.trials import Record
from experiments.answers.answer import Answer
from experiments.answers.study import Question
from experiments.study import Study, read_as


def classes(question: Question, records: Sequence[Record]) -> Answer | None:
    """The table by class, named like the study's answer. None where no run is of boxes or masks."""
    study, recipe = question.study, question.conditions.recipe
    if not (runs := finished_runs(study, recipe, records)):
        return None
    return Answer(question.stem, {"-classes": classes_table(f"{study.question} By class", recipe, runs)})


def finished_runs(study: Study, recipe: AnyRecipe, records: Sequence[Record]) -> dict[str, list[Record]]:
    """The finished records of each arm that has any, in the order of the study's seeds. Of boxes and masks alone."""
    known = {
        (record.trial.variant, record.trial.seed): record
        for record in records
        if record.trial.recipe == recipe.text and record.status == "finished" and "blind" in record.result
    }
    found = {
        name: [known[variant.text, seed] for seed in study.seeds if (variant.text, seed) in known]
        for name, variant in study.arms.items()
    }
    return {name: mine for name, mine in found.items() if mine}


def classes_table(title: str, recipe: AnyRecipe, runs: dict[str, list[Record]]) -> Table:
    """One row an arm: runs, mean of the recipe's metric and of each class in percent, minutes of a run. The rows after
    them are guesses that see no image, scored on the same test images."""
    first = next(iter(runs.values()))[0].result
    measure = recipe.metric.removeprefix("test ")
    columns = ("arm", "n", f"{measure} %", *(f"{name} %" for name in first["classes"]), "minutes")
    rows: list[list[Any]] = []
    for name, records in runs.items():
        minutes = statistics.fmean(record.provenance["seconds"] / 60 for record in records)
        for reading, scored in _readings([record.result for record in records]).items():
            each = zip(*(classes for _, classes in scored), strict=True)
            score = _percent([score for score, _ in scored])
            rows.append(
                [read_as(name, reading) if reading else name, len(records), score, *map(_percent, each), minutes]
            )
    for guess in first["blind"]:
        rows.append(
            [f"guess: {guess['name']}", None, 100 * guess["score"], *(_percent([c]) for c in guess["classes"]), None]
        )
    starts = {_start(record) for records in runs.values() for record in records}
    started = [text or "random weights" for text in sorted(starts)]
    notes = (
        f"Test images: {first['test_images']}. Means over the runs; the guesses know the training images and see no "
        f"test image. Minutes: a run's wall time on one thread, others running beside it.",
        f"Trunk started from: {'; '.join(started)}.",
    )
    return Table(title, columns, rows, notes, digits=1)


def _start(record: Record) -> str:
    """What the trunk started from. Its seed, if it has one, is that of the trial."""
    text, seed = record.result["start"], f"seed {record.trial.seed}"
    return text.removesuffix(seed) + "the seed of the run" if text.endswith(f", {seed}") else text


def _readings(results: list[dict[str, Any]]) -> dict[str, list[tuple[float, list[float | None]]]]:
    """Of each run the score and those of its classes, by way of scoring. The way is "" where there is only one."""
    if ways := results[0].get("readings"):
        return {way: [(r["readings"][way], r["readings_by_class"][way]) for r in results] for way in ways}
    return {"": [(result["test_score"], result["test_classes"]) for result in results]}


def _percent(values: Any) -> float | None:
    known = [100 * value for value in values if value is not None]
    return statistics.fmean(known) if known else None
