"""The training loop: a network, a recipe, a data set and a seed become a result."""

import math
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn.functional import cross_entropy

from analysis.data.finished import Finished
from analysis.data.labels import Dataset
from analysis.nn import initialise
from analysis.nn.network import Network
from analysis.problem import Problem
from analysis.tasks.classification.batches import batches, evaluation_batches
from analysis.tasks.classification.recipe import Recipe
from analysis.training.optimiser import descent
from analysis.training.streams import streams

Progress = Callable[[int, int], None]  # (steps done, steps planned)


@dataclass(frozen=True)
class Epoch:
    """One pass: mean training loss over its steps, accuracy on the validation split in percent, seconds."""

    train_loss: float
    validation_accuracy: float
    seconds: float


@dataclass(frozen=True)
class TrainingResult:
    """What a training came to.

    `status` is "finished" or "diverged": a loss that is no finite number ends the training, and the test split stays
    unread. `epochs` are those completed; the accuracy that counts is the one behind the last.
    """

    status: str
    steps: int
    epochs: tuple[Epoch, ...]
    test_correct: int | None = None
    test_images: int | None = None

    @property
    def test_accuracy(self) -> float | None:
        """Test images classified rightly, in percent; None if the training diverged."""
        return None if self.test_correct is None or not self.test_images else 100 * self.test_correct / self.test_images


def fit(
    network: nn.Module, recipe: Recipe, data: Dataset, seed: int, progress: Progress | None = None
) -> TrainingResult:
    """`learn`, then read the test split once, behind the last step.

    Raises:
        Problem: as `learn`.
    """
    result = learn(network, recipe, data, seed, progress)
    if result.status != "finished":
        return result
    images, labels = test_examples(result, recipe, data)
    correct = count_correct(network, evaluation_batches(images, labels, data, size=seen_size(network)))
    return replace(result, test_correct=correct, test_images=len(labels))


def learn(
    network: nn.Module, recipe: Recipe, data: Dataset, seed: int, progress: Progress | None = None
) -> TrainingResult:
    """Initialise `network` and train it in place; the test split stays shut.

    Images are brought to the size that a Network's Plan asks for.

    The seed feeds three independent streams: initial weights, order of the data, augmentation. The last two do not
    depend on the network, so that runs of two variants with one seed see the same batches and can be paired.

    Raises:
        Problem: the training split is smaller than one batch.
    """
    stream = streams(seed)
    initialise(network, stream.init, recipe.initialisation)
    train, held_out = data.split(recipe.validation, recipe.split_seed)
    planned = len(train) // recipe.batch * recipe.epochs
    if planned == 0:
        raise Problem(f"{len(train)} training images of {data.name} do not fill one batch of {recipe.batch}")
    optimizer, schedule = descent(network, recipe, planned)
    size = seen_size(network)
    done, epochs = 0, []
    while done < planned:
        started, losses = time.perf_counter(), []
        network.train()
        for images, labels in batches(data, train, recipe.batch, stream, crop=recipe.crop, flip=recipe.flip, size=size):
            loss = cross_entropy(network(images), labels, label_smoothing=recipe.label_smoothing)
            losses.append(loss.item())
            if not math.isfinite(losses[-1]):
                return TrainingResult("diverged", done, tuple(epochs))
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            schedule.step()
            done += 1
            if progress:
                progress(done, planned)
        seconds = time.perf_counter() - started
        correct = count_correct(network, evaluation_batches(*data.images_and_labels(held_out), data, size=size))
        epochs.append(Epoch(math.fsum(losses) / len(losses), 100 * correct / len(held_out), seconds))
    return TrainingResult("finished", done, tuple(epochs))


def test_examples(result: TrainingResult, recipe: Recipe, data: Dataset) -> tuple[np.ndarray, np.ndarray]:
    """Images uint8 (N, H, W, 3) and labels int64 (N,) of the test split, for a training that has come to its end.

    Raises:
        Problem: it has not.
    """
    return data.test(Finished(result.steps, recipe.steps(len(data.train_labels))))


def seen_size(network: nn.Module) -> tuple[int, int] | None:
    """Height and width, in pixels, that a Network's Plan asks for; None for another module, which takes any images."""
    return (network.plan.image[1], network.plan.image[2]) if isinstance(network, Network) else None


@torch.inference_mode()
def count_correct(network: nn.Module, examples: Iterable[tuple[Tensor, Tensor]]) -> int:
    """Images whose highest score is that of their label, in evaluation mode; `examples`: batches of images (N, 3, H, W)
    and labels (N,)."""
    network.eval()
    return sum(int((network(images).argmax(1) == labels).sum()) for images, labels in examples)
