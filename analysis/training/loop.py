"""The training loop: the only one. It knows steps, losses and epochs, and nothing of what is learnt."""

import collections
import math
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import nullcontext
from dataclasses import dataclass
from itertools import islice
from typing import Any, Literal, Protocol

from torch import Tensor

from analysis.data.finished import Finished
from analysis.nn.network import Network
from analysis.training.capture import stepping
from analysis.training.checkpoint import Checkpoint, Epoch, Position, asked_to_end
from analysis.training.device import set_random_state
from analysis.training.losses import Losses
from analysis.training.optimiser import descent, skip_to
from analysis.training.recipe import Descent
from analysis.training.streams import Streams, restarted

Progress = Callable[[int, int], object]  # (steps done, steps planned)


class Learner(Protocol):
    """One run: it owns the network and everything that belongs to the run.

    - `network` is trained; `scored` shares its weights and is what the test images go through, mostly the same object.
    - `streams`: from which `batches` draws; a continued epoch starts from their state at its beginning.
    - `validation`: what a record calls the validation score of an epoch.
    """

    network: Network
    scored: Network
    recipe: Descent
    streams: Streams
    validation: str

    def batches(self) -> Iterator[Any]:
        """The batches of one epoch."""
        ...

    def loss(self, batch: Any) -> Tensor:
        """The loss of a batch, a scalar tensor. On an accelerator nothing in it waits for the device."""
        ...

    def validate(self) -> float | None:
        """The score on the validation split as a record keeps it."""
        ...

    def test(self, certificate: Finished | None) -> Mapping[str, Any]:
        """What a record says after its steps and epochs, in order: plain values that JSON can hold. Without a
        certificate the test split stays closed and the same keys have no values."""
        ...


@dataclass(frozen=True)
class Training:
    """How a training went.

    `status` is "finished" or "diverged": a loss that is not a finite number ends the training. `epochs` are those
    completed. The score that counts is the one after the last. `resumed`: where it continued from checkpoints, if it
    did.
    """

    status: Literal["finished", "diverged"]
    steps: int
    planned: int
    epochs: tuple[Epoch, ...]
    resumed: tuple[dict[str, Any], ...] = ()

    @property
    def certificate(self) -> Finished | None:
        """What opens the test split. None for a training that diverged."""
        return Finished(self.steps, self.planned) if self.status == "finished" else None


def train(
    learner: Learner, planned: int, progress: Progress | None = None, checkpoint: Checkpoint | None = None
) -> Training:
    """Train the learner's network in place, on the device that it is on, for `planned` steps, whole epochs of them.

    With a `checkpoint` the training continues where its file says, and writes it when it is due and when the process is
    asked to end (SIGTERM, Ctrl-C), which it then does.
    """
    network, recipe = learner.network, learner.recipe
    device = next(network.parameters()).device
    optimizer, schedule = descent(network, recipe, planned)
    at, random_state = (checkpoint.read(network, optimizer) if checkpoint else None) or (Position(), None)
    skip_to(schedule, at.steps)
    step = stepping(learner, optimizer, device)
    with asked_to_end() if checkpoint else nullcontext([]) as asked:
        while at.steps < planned or at.losses:
            started = time.perf_counter() - at.seconds
            at.streams = restarted(learner.streams, at.streams)
            network.train()
            batches = learner.batches()
            collections.deque(islice(batches, len(at.losses)), maxlen=0)  # of an epoch that is continued
            if random_state is not None:
                set_random_state(random_state, device)
                random_state = None
            losses, before = Losses(at.losses, device), at.steps - len(at.losses)
            for batch in batches:
                loss = step.loss(batch)
                if not losses.add(loss):
                    return _diverged(at, before, planned)
                step.descend(loss)
                schedule.step()
                at.steps += 1
                if asked:
                    break
                if checkpoint and (checkpoint.is_due or at.steps == planned):
                    if not losses.read():
                        return _diverged(at, before, planned)
                    at.seconds = time.perf_counter() - started
                    checkpoint.write(at, network, optimizer)
                if progress:
                    progress(at.steps, planned)
            if not losses.read():
                return _diverged(at, before, planned)
            if checkpoint and asked:  # in a step, or after the last one of an epoch
                at.seconds = time.perf_counter() - started
                checkpoint.write(at, network, optimizer)
                break
            seconds = time.perf_counter() - started
            score = learner.validate() if recipe.is_check(len(at.epochs) + 1) else None
            at.epochs.append(Epoch(math.fsum(at.losses) / len(at.losses), score, seconds))
            at.losses, at.seconds, at.streams = [], 0.0, {}
    return Training("finished", at.steps, planned, tuple(at.epochs), tuple(at.resumed))


def _diverged(at: Position, before: int, planned: int) -> Training:
    """The training ended before the first step of the epoch whose loss is not finite; `before`: steps of the epochs
    before it. Steps that a device took after that one do not count."""
    return Training("diverged", before + len(at.losses), planned, tuple(at.epochs), tuple(at.resumed))
