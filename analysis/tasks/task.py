"""The Task: how one kind of recipe loads data, trains and scores."""

import inspect
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple, Protocol

import numpy as np
import torch

from analysis.data.finished import TestSplit
from analysis.nn.network import Network
from analysis.problem import Problem
from analysis.training.checkpoint import Checkpoint
from analysis.training.device import CPU
from analysis.training.loop import Learner, Progress, train
from analysis.training.streams import seeded


class Data(Protocol):
    """What every data set has, whatever its labels are; `note` is what tables must say of it."""

    name: str
    digest: str
    note: str
    classes: tuple[str, ...]
    test: TestSplit[Any]

    @property
    def train_images(self) -> np.ndarray:
        """The images to train on, uint8 (N, h, w, 3)."""
        ...


class Task(Protocol):
    """How trials of one kind of recipe run. One object a task, the TASK of the module that its recipe names.

    - `recipe`: the class of its recipes, which also know the metric and how a result is scored.
    - `learner`: (variant, recipe, data, seed, backend, checkpoint that the trunk starts from or None) -> a Learner. One
      that runs on accelerators also takes a `device`.
    """

    recipe: type
    learner: Callable[..., Learner]

    def load(
        self, name: str, folder: str | Path | None, variant: Any, progress: Callable[[int, int], None] | None = None
    ) -> Any:
        """The data set `name` at the size that the variant sees; `progress` is for a download, in bytes.

        Raises:
            Problem: the data set is missing, damaged, or not one that the variant can be trained on.
        """
        ...


class Fitted(NamedTuple):
    """A trained network, whether the training "finished" or "diverged", and what a record keeps of it, in order.

    `resumed`: where the training continued from checkpoints, if it did (`analysis.training.checkpoint.Position`).
    """

    network: Network
    status: str
    result: dict[str, Any]
    resumed: tuple[dict[str, Any], ...] = ()


def fit(
    task: Task,
    variant: Any,
    recipe: Any,
    data: Any,
    seed: int,
    *,
    backend: str = "eager",
    start: Path | None = None,
    read_test: bool = True,
    progress: Progress | None = None,
    checkpoint: Checkpoint | None = None,
    device: torch.device = CPU,
) -> Fitted:
    """Train a network of `variant` by `recipe`, then read the test split once, after the last step.

    The seed feeds independent streams: initial weights with torch's own generator, order of the data, augmentation. The
    last two do not depend on the network, so that runs of two variants with one seed see the same batches and can be
    paired. `backend`: see `analysis.nn.build`. `start`: a classifier's checkpoint for the trunk. Without `read_test`
    the test split stays closed. `checkpoint`: see `analysis.training.loop.train`. `device`: what computes. The order of
    the data, their augmentation and the initial weights are the same on all; dropout draws from the device's own
    generator.

    Raises:
        Problem: the training images do not fill a batch; what the task's learner refuses.
    """
    with seeded(seed, device):
        learner = learner_on(device, task, variant, recipe, data, seed, backend, start)
        training = train(learner, planned_steps(learner, data), progress, checkpoint)
    epochs = [
        {"train_loss": epoch.train_loss, learner.validation: epoch.validation, "seconds": epoch.seconds}
        for epoch in training.epochs
    ]
    tested = learner.test(training.certificate if read_test else None)
    result = {"steps": training.steps, "epochs": epochs, **tested}
    return Fitted(learner.scored, training.status, result, training.resumed)


def learner_on(device: torch.device, task: Task, *run: Any) -> Learner:
    """The task's learner of a `run` (variant, recipe, data, seed, backend, start) on a device.

    Raises:
        Problem: what the learner refuses; it does not run on accelerators.
    """
    if device.type == "cpu":
        return task.learner(*run)
    if not takes_device(task):
        raise Problem(f"trainings by {type(run[1]).__name__} run on a CPU alone: name --device cpu")
    return task.learner(*run, device=device)


def takes_device(task: Task) -> bool:
    """Whether the task runs on accelerators."""
    return "device" in inspect.signature(task.learner).parameters


def planned_steps(learner: Learner, data: Data) -> int:
    """The steps of a whole training.

    Raises:
        Problem: the training images do not fill one batch.
    """
    recipe, images = learner.recipe, len(data.train_images)
    steps = recipe.steps(images)
    if steps < 1:
        trained = recipe.trained_on(images)
        raise Problem(f"{trained} training images of {data.name} do not fill one batch of {recipe.batch}")
    return steps
