"""What a worker does with a trial: find its data and what it starts from, then run it."""

from pathlib import Path
from typing import Any

from analysis.arch import parse_variant
from analysis.data.cifar import load_dataset
from analysis.files import cache_folder
from analysis.problem import Problem
from analysis.tasks.recipes import parse_recipe, task
from analysis.trials.pretrained import START_DATA, trained_trunk
from analysis.trials.record import Record
from analysis.trials.run import run_on
from analysis.trials.trial import Trial


def run_trial(trial: Trial, data_dir: str | None = None, backend: str = "eager", threads: int = 1) -> Record:
    """Find the data set that `trial` names and the weights that it starts from, train, and return its record.

    Raises:
        Problem: a data set is missing or not the one that the trial names.
    """
    recipe, variant = parse_recipe(trial.recipe), parse_variant(trial.variant)
    data = task(recipe).load(trial.dataset, data_dir, variant)
    check_digest(trial.dataset, data.digest, trial.digest)
    if not recipe.start:
        return run_on(data, trial, backend, threads)
    first = load_dataset(START_DATA)
    check_digest(START_DATA, first.digest, trial.start or first.digest)
    trunk: Any = variant  # a detector or a segmentation network
    folder = cache_folder() / "trunks" / backend
    checkpoint = trained_trunk(first, trunk.backbone, recipe.start, trial.seed, folder, backend)
    note = f"trunk from {first.name}: {first.note}" if first.note else ""
    return run_on(data, trial, backend, threads, start=checkpoint, note=note)


def run_on_node(trial: Trial, data_dir: str | None, backend: str) -> Record:
    """`run_trial` on a machine that may lack `data_dir`: there the data set is found or fetched as without one."""
    return run_trial(trial, data_dir if data_dir and Path(data_dir).exists() else None, backend)


def check_digest(name: str, found: str, wanted: str) -> None:
    """Refuse another copy of a data set than the one wanted.

    Raises:
        Problem: the digests differ.
    """
    if found != wanted:
        raise Problem(
            f"the {name} at hand has digest {found[:12]}, the trial wants {wanted[:12]}: "
            "name the copy that it was made with"
        )
