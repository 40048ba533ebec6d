"""Trials whose weights are kept: before the first step, after the last, or after any share of the steps."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import torch

from analysis.arch import parse_variant, unroll
from analysis.data.labels import Dataset
from analysis.nn import Network, build, initialise
from analysis.nn.checkpoint import Origin, save_checkpoint
from analysis.problem import Problem
from analysis.tasks.recipes import parse_recipe, task
from analysis.tasks.task import learner_on, planned_steps
from analysis.training.device import CPU
from analysis.training.loop import train
from analysis.training.streams import seeded, streams
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


def at_share(share: float) -> str:
    """The stage of weights after a share of the steps: "initial", "share 0.5", "trained"."""
    return {0.0: "initial", 1.0: "trained"}.get(share, f"share {share:g}")


def train_and_keep_shares(
    data: Any,
    trial: Trial,
    folder: Path,
    shares: Sequence[float],
    backend: str = "auto",
    device: torch.device = CPU,
) -> None:
    """Train `trial` on `device` if weights after one of `shares` of its steps are not in `folder`, and write all of
    them. The steps are those of `run_on`. The test images stay closed.

    Raises:
        Problem: the training diverged, or the folder cannot be written to.
    """
    if all(checkpoint_path(folder, trial, at_share(share)).is_file() for share in shares):
        return
    made = parse_recipe(trial.recipe)
    with seeded(trial.seed, device):
        learner = learner_on(device, task(made), parse_variant(trial.variant), made, data, trial.seed, backend, None)
        planned = planned_steps(learner, data)
        wanted = {round(share * planned): at_share(share) for share in shares}

        def keep(steps: int, _: int) -> None:
            if stage := wanted.get(steps):
                save_checkpoint(checkpoint_path(folder, trial, stage), learner.network, origin(trial, stage))

        keep(0, planned)
        if train(learner, planned, keep).status != "finished":
            raise Problem(
                f"{trial.label} diverged, so there are no weights after the share {shares[-1]:g} of its steps"
            )
