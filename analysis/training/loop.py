"""The training loop: the only one. It knows steps, losses and epochs, and nothing of what is learnt."""

import math
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal, Protocol

from torch import Tensor
from torch.nn.utils import clip_grad_norm_

from analysis.data.finished import Finished
from analysis.nn.network import Network
from analysis.training.optimiser import descent
from analysis.training.recipe import Descent

Progress = Callable[[int, int], object]  # (steps done, steps planned)


class Learner(Protocol):
    """One run: it owns the network and everything that belongs to the run.

    - `network` is trained; `scored` shares its weights and is what the test images go through, mostly the same object.
    - `validation`: what a record calls the validation score of an epoch.
    """

    network: Network
    scored: Network
    recipe: Descent
    validation: str

    def batches(self) -> Iterator[Any]:
        """The batches of one epoch."""
        ...

    def loss(self, batch: Any) -> Tensor:
        """The loss of a batch, a scalar tensor."""
        ...

    def validate(self) -> float | None:
        """The score on the validation split as a record keeps it."""
        ...

    def test(self, certificate: Finished | None) -> Mapping[str, Any]:
        """What a record says after its steps and epochs, in order: plain values that JSON can hold. Without a
        certificate the test split stays closed and the same keys have no values."""
        ...


@dataclass(frozen=True)
class Epoch:
    """One pass: mean training loss over its steps, validation score where it was taken, seconds of the pass."""

    train_loss: float
    validation: float | None
    seconds: float


@dataclass(frozen=True)
class Training:
    """How a training went.

    `status` is "finished" or "diverged": a loss that is not a finite number ends the training. `epochs` are those
    completed. The score that counts is the one after the last.
    """

    status: Literal["finished", "diverged"]
    steps: int
    planned: int
    epochs: tuple[Epoch, ...]

    @property
    def certificate(self) -> Finished | None:
        """What opens the test split; None for a training that diverged."""
        return Finished(self.steps, self.planned) if self.status == "finished" else None


def train(learner: Learner, planned: int, progress: Progress | None = None) -> Training:
    """Train the learner's network in place for `planned` steps, whole epochs of them."""
    network, recipe = learner.network, learner.recipe
    optimizer, schedule = descent(network, recipe, planned)
    done, epochs = 0, []
    while done < planned:
        started, losses = time.perf_counter(), []
        network.train()
        for batch in learner.batches():
            loss = learner.loss(batch)
            losses.append(loss.item())
            if not math.isfinite(losses[-1]):
                return Training("diverged", done, planned, tuple(epochs))
            optimizer.zero_grad()
            loss.backward()
            if recipe.largest_gradient is not None:
                clip_grad_norm_(network.parameters(), recipe.largest_gradient)
            optimizer.step()
            schedule.step()
            done += 1
            if progress:
                progress(done, planned)
        seconds = time.perf_counter() - started
        score = learner.validate() if recipe.is_check(len(epochs) + 1) else None
        epochs.append(Epoch(math.fsum(losses) / len(losses), score, seconds))
    return Training("finished", done, planned, tuple(epochs))
