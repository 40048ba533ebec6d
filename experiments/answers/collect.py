"""From the records of a study's trials to its arms with their scores."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from analysis.arch.text import known
from analysis.problem import Problem
from analysis.render.arms import Arm
from analysis.tasks.recipes import AnyRecipe
from analysis.trials import Record, Store, Trial
from experiments.answers.conditions import notes_of
from experiments.study import Study, copy_of, read_as


class NoRuns(Problem):
    """Runs to compare are missing."""


def trials_of(
    study: Study,
    recipe: AnyRecipe,
    dataset: str,
    digest: str,
    seeds: Sequence[int],
    start: str = "",
    arms: Sequence[str] = (),
) -> list[Trial]:
    """The trials that answer a study: every arm, or each of `arms`, with every seed, seed by seed. `start`: as of
    `Trial`.

    Raises:
        Problem: the study has no such arm.
    """
    chosen = [known(arm, study.arms, "arm") for arm in arms] or study.arms
    texts = [(study.arms[arm].text, study.recipe_of(arm, recipe).text) for arm in chosen]
    return [Trial(*each, dataset, digest, seed, start) for seed in seeds for each in texts]


def wanted_of(
    study: Study, recipe: AnyRecipe, trials: Iterable[Trial], wanted: Mapping[str, Sequence[int]]
) -> list[Trial]:
    """Those of a study's trials that its next look wants, in their order. `wanted`: seeds by name of an arm, or of an
    arm with a reading."""
    seeds: dict[tuple[str, str], set[int]] = {}
    for arm, variant in study.arms.items():
        for name in [read_as(arm, reading) for reading in study.readings] or [arm]:
            texts = variant.text, study.recipe_of(arm, recipe).text
            seeds.setdefault(texts, set()).update(wanted.get(name, ()))
    return [trial for trial in trials if trial.seed in seeds[trial.variant, trial.recipe]]


def as_stored(store: Store, trials: Sequence[Trial]) -> list[Trial]:
    """The trials, those with a start as they were stored before a trial stated it, where they were."""
    older = [replace(trial, start="") for trial in trials]
    return [old if old != trial and store.find(old) else trial for trial, old in zip(trials, older, strict=True)]


def collect(
    study: Study, recipe: AnyRecipe, trials: Iterable[Trial], records: Iterable[Record]
) -> tuple[list[Arm], tuple[str, ...]]:
    """The arms of a study with the scores that `records` hold for `trials`, failed ones left out, and the notes on
    these runs (`experiments.answers.conditions.notes_of`).

    Runs are in the order of their seeds, whatever the order of the records, so that a figure has the same bytes.
    """
    wanted = set(trials)
    used = [record for record in records if record.trial in wanted and record.status != "failed"]
    runs: dict[tuple[str, str], dict[int, Record]] = {}
    for record in sorted(used, key=lambda record: record.trial.seed):
        runs.setdefault((record.trial.variant, record.trial.recipe), {})[record.trial.seed] = record
    arms = []
    for name, variant in study.arms.items():
        mine = runs.get((variant.text, study.recipe_of(name, recipe).text), {})
        if not study.readings:
            scores = {seed: record.score for seed, record in mine.items()}
            arms.append(Arm(name, variant, scores, study.place(name, recipe)))
        for reading, at in study.readings.items():
            scores = {seed: record.readings.get(reading) for seed, record in mine.items()}
            arms.append(Arm(read_as(name, reading), variant, scores, at))
    return arms, notes_of(used)


def stored_arms(
    study: Study, recipe: AnyRecipe, dataset: str, records: Sequence[Record], seeds: Sequence[int]
) -> tuple[list[Arm], tuple[str, ...]]:
    """`collect` from stored records, on one copy of the data set (`copy_of`), and with the start that most runs of the
    recipe have.

    Raises:
        NoRuns: no record is on the data set.
    """
    if not (digest := copy_of(study, recipe, dataset, records, seeds)):
        raise NoRuns(f"no trials on {dataset} are stored: {study.command}")
    texts = {recipe.text, *(study.recipe_of(arm, recipe).text for arm in study.arms)}
    runs = [record.trial for record in records if record.trial.dataset == dataset and record.trial.recipe in texts]
    start = _most([trial.start for trial in runs if trial.digest == digest] or [""])
    return collect(study, recipe, trials_of(study, recipe, dataset, digest, seeds, start), records)


def run_ids(study: Study, recipe: AnyRecipe, dataset: str, records: Sequence[Record]) -> dict[tuple[str, int], str]:
    """Id of the trial of each run, by the name of what is compared and the seed, on the copy that answers the study."""
    known: dict[tuple[str, str], dict[int, str]] = {}
    digest = copy_of(study, recipe, dataset, records, study.seeds)
    for trial in (each.trial for each in records if (each.trial.dataset, each.trial.digest) == (dataset, digest)):
        known.setdefault((trial.variant, trial.recipe), {})[trial.seed] = trial.id
    return {
        (read_as(arm, reading) if reading else arm, seed): identity
        for arm, variant in study.arms.items()
        for reading in study.readings or [""]
        for seed, identity in known.get((variant.text, study.recipe_of(arm, recipe).text), {}).items()
    }


def _most(values: Sequence[str]) -> str:
    return max(dict.fromkeys(values), key=values.count)
