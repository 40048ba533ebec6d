"""The Task: how one kind of recipe loads data, trains and scores."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple, Protocol

import numpy as np

from analysis.data.finished import TestSplit
from analysis.nn.network import Network
from analysis.problem import Problem
from analysis.training.checkpoint import Checkpoint
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
    - `learner`: (variant, recipe, data, seed, backend, checkpoint that the trunk starts from or None) -> a Learner.
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
) -> Fitted:
    """Train a network of `variant` by `recipe`, then read the test split once, after the last step.

    The seed feeds independent streams: initial weights with torch's own generator, order of the data, augmentation. The
    last two do not depend on the network, so that runs of two variants with one seed see the same batches and can be
    paired. `backend`: see `analysis.nn.build`. `start`: a classifier's checkpoint for the trunk. Without `read_test`
    the test split stays closed. `checkpoint`: see `analysis.training.loop.train`.

    Raises:
        Problem: the training images do not fill a batch; what the task's learner refuses.
    """
    with seeded(seed):
        learner = task.learner(variant, recipe, data, seed, backend, start)
        training = train(learner, planned_steps(learner, data), progress, checkpoint)
    epochs = [
        {"train_loss": epoch.train_loss, learner.validation: epoch.validation, "seconds": epoch.seconds}
        for epoch in training.epochs
    ]
    tested = learner.test(training.certificate if read_test else None)
    result = {"steps": training.steps, "epochs": epochs, **tested}
    return Fitted(learner.scored, training.status, result, training.resumed)


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
