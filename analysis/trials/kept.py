"""Trials whose weights are kept: one checkpoint before the first step, one after the last."""

from pathlib import Path

import torch

from analysis.arch import parse_variant, unroll
from analysis.data.labels import Dataset
from analysis.nn import Network, build, initialise
from analysis.nn.checkpoint import Origin, save_checkpoint
from analysis.problem import Problem
from analysis.tasks.recipes import parse_recipe
from analysis.training.device import CPU
from analysis.training.streams import streams
from analysis.trials.run import run_on
from analysis.trials.trial import Trial


def checkpoint_path(folder: Path, trial: Trial, stage: str) -> Path:
    """Where the weights of a trial lie: folder/id-stage.safetensors."""
    return folder / f"{trial.id}-{stage}.safetensors"


def origin(trial: Trial, stage: str) -> Origin:
    """What the checkpoint of `trial` at `stage` ("initial", "trained") says that it is of."""
    return Origin(trial.variant, trial.recipe, trial.dataset, trial.digest, trial.seed, stage)


def is_kept(folder: Path, trial: Trial) -> bool:
    """Whether both checkpoints of `trial` lie in `folder`; they are written whole or not at all."""
    return all(checkpoint_path(folder, trial, stage).is_file() for stage in ("initial", "trained"))


def train_and_keep(
    data: Dataset, trial: Trial, folder: Path, backend: str = "auto", device: torch.device = CPU
) -> None:
    """Train `trial` as `run_on` does, on `device`, and write its initial and its trained weights below `folder`.

    Raises:
        Problem: the training diverged or failed, or the folder cannot be written to.
    """

    def keep(network: Network, stage: str) -> None:
        save_checkpoint(checkpoint_path(folder, trial, stage), network, origin(trial, stage))

    untrained = build(unroll(parse_variant(trial.variant)))
    initialise(untrained, streams(trial.seed).init, parse_recipe(trial.recipe).initialisation)
    keep(untrained, "initial")
    record = run_on(data, trial, backend, device=device, keep=lambda network: keep(network, "trained"))
    if record.status != "finished":
        last = record.error.strip().splitlines()[-1:] or ["its loss is no finite number"]
        raise Problem(f"{trial.label} {record.status}, so there are no trained weights: {last[0]}")
