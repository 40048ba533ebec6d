"""What a worker does with a trial: find its data and what it starts from, then run it."""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import torch

from analysis.arch import parse_variant
from analysis.data.cifar import load_dataset
from analysis.files import cache_folder, content_digest
from analysis.problem import Problem
from analysis.tasks.recipes import parse_recipe, task
from analysis.tasks.task import takes_device
from analysis.training.checkpoint import Checkpoint
from analysis.training.device import CPU, find_device
from analysis.training.recipe import WEIGHTS
from analysis.trials.executors.local import own_place
from analysis.trials.pretrained import START_DATA, trained_trunk
from analysis.trials.record import Record
from analysis.trials.run import run_on
from analysis.trials.trial import Trial, checkpoint_path


@dataclass(frozen=True)
class Way:
    """How a worker runs trials: what is the same for all trials of a sweep.

    `data_dir`: a copy of the data set, or None for where it is found or fetched. `checkpoints`: folder of the
    checkpoints inside trials, or None for none; `every`: seconds between two of a trial. `device`: what computes, by
    name (`analysis.training.device.find_device`); `share`: of its memory, that a trial may use. `weights`: the file of
    published weights that trials with such a start begin with.
    """

    data_dir: str | None = None
    backend: str = "eager"
    threads: int = 1
    checkpoints: Path | None = None
    every: float = 300.0
    device: str = "cpu"
    share: float = 1.0
    weights: Path | None = None


def run_trial(trial: Trial, way: Way = Way()) -> Record:
    """Find the data set that `trial` names and the weights that it starts from, train, and return its record.

    Raises:
        Problem: a data set or a file of weights is missing or not the one that the trial names; such a device is not
            here.
    """
    recipe, variant = parse_recipe(trial.recipe), parse_variant(trial.variant)
    device = find_device(way.device, own_place())
    if way.device == "auto" and not takes_device(task(recipe)):
        device = CPU
    if device.type == "cuda" and way.share < 1:
        torch.cuda.set_per_process_memory_fraction(way.share, device)
    data = task(recipe).load(trial.dataset, way.data_dir, variant)
    check_digest(trial.dataset, data.digest, trial.digest)
    path = checkpoint_path(way.checkpoints, trial) if way.checkpoints else None
    checkpoint = Checkpoint(path, trial.id, way.every) if path else None
    options: dict[str, Any] = {"checkpoint": checkpoint, "device": device}
    if recipe.start == WEIGHTS:
        options["start"] = check_weights(way.weights, trial.start)
        options["note"] = f"trunk from published weights {trial.start[:12]}"
    elif recipe.start:
        first = load_dataset(START_DATA)
        check_digest(START_DATA, first.digest, trial.start or first.digest)
        trunk: Any = variant  # a detector or a segmentation network
        ran = way.backend if device == CPU else f"{way.backend}-{device.type}"
        what = first, trunk.backbone, recipe.start, trial.seed, cache_folder() / "trunks" / ran, way.backend
        options["start"] = trained_trunk(*what, device)
        options["note"] = f"trunk from {first.name}: {first.note}" if first.note else ""
    return run_on(data, trial, way.backend, way.threads, **options)


def run_on_node(trial: Trial, way: Way) -> Record:
    """`run_trial` on a machine that may lack the folders: data are then found or fetched as without one, and without a
    results folder that both see, no checkpoint is written."""
    data_dir = way.data_dir if way.data_dir and Path(way.data_dir).exists() else None
    shared = way.checkpoints if way.checkpoints and way.checkpoints.parents[1].exists() else None
    return run_trial(trial, replace(way, data_dir=data_dir, checkpoints=shared))


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


def check_weights(path: Path | None, wanted: str) -> Path:
    """The file of published weights, if it is the one wanted.

    Raises:
        Problem: none is named, it cannot be read, or its digest differs.
    """
    if path is None:
        raise Problem(f"the trial starts from published weights of digest {wanted[:12]}: name their file by --weights")
    if (found := content_digest(path)) != wanted:
        raise Problem(f"{path} has digest {found[:12]}, the trial starts from weights of {wanted[:12]}: name that file")
    return path
