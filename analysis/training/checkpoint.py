"""Checkpoints inside a training: written every few minutes and when it is asked to end, read when it runs again.

A file is a safetensors file: weights, running statistics, momentum and torch's random state as tensors, all else as
JSON in its metadata. Nothing in it is executed. Continuing repeats the undisturbed training to the bit on the same
machine and thread count: random streams restart at the epoch under way and its batches are drawn again up to the step.
"""

import json
import logging
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save
from torch import Tensor, nn
from torch.optim import SGD

from analysis.environment import processor
from analysis.files import write_whole
from analysis.problem import Problem
from analysis.training.device import RANDOM, facts, random_state

VERSION = 1
WEIGHTS, MOMENTUM = "weights.", "momentum."
MACHINE = ("processor", "threads", "device")  # what a header says of it; a file of a CPU names no device

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Epoch:
    """One pass: mean training loss over its steps, validation score where it was taken, seconds of the pass."""

    train_loss: float
    validation: float | None
    seconds: float


@dataclass
class Position:
    """Where a training is: `steps` done, `epochs` completed, and of the epoch under way the `losses` so far, its
    `seconds` so far and the state of the random `streams` at its start (by name, as numpy states them).

    `resumed`: for each time that it was continued, after how many steps, and on what the checkpoint was written.
    """

    steps: int = 0
    epochs: list[Epoch] = field(default_factory=list)
    losses: list[float] = field(default_factory=list)
    seconds: float = 0.0
    streams: dict[str, Any] = field(default_factory=dict)
    resumed: list[dict[str, Any]] = field(default_factory=list)


@dataclass
class Checkpoint:
    """The checkpoint of one training: its file, what it is of, and the seconds between two of them."""

    path: Path
    identity: str
    every: float = 300.0
    _written: float = field(default_factory=time.monotonic, repr=False)

    @property
    def is_due(self) -> bool:
        """Whether the last one is older than `every`."""
        return time.monotonic() - self._written >= self.every

    def write(self, position: Position, network: nn.Module, optimizer: SGD) -> None:
        """Write the state of the training whole. A file that cannot be written costs the checkpoint alone."""
        tensors = {f"{WEIGHTS}{name}": tensor for name, tensor in network.state_dict().items()}
        tensors |= {f"{MOMENTUM}{name}": tensor for name, tensor in _momentum(network, optimizer).items()}
        device = next(network.parameters()).device
        tensors |= random_state(device)
        header = {"version": VERSION, "identity": self.identity, **_machine(device), "position": asdict(position)}
        content = save({n: t.detach().contiguous() for n, t in tensors.items()}, {"state": json.dumps(header)})
        try:
            write_whole(self.path, content)
        except Problem as problem:
            log.warning("no checkpoint this time, the training goes on: %s", problem)
        self._written = time.monotonic()

    def read(self, network: nn.Module, optimizer: SGD) -> tuple[Position, dict[str, Tensor]] | None:
        """The position that the file holds and torch's random states (bytes,) by name, with weights and momentum put in
        place, whatever device they were written from; None without a file. A file that is truncated, of another
        training or of an older version is set aside.
        """
        if not self.path.is_file():
            return None
        try:
            header, tensors = self._content()
            position = Position(**header["position"])
            position.epochs = [Epoch(**epoch) for epoch in position.epochs]  # pyright: ignore[reportCallIssue]
            _put(network, optimizer, tensors)
        except (SafetensorError, OSError, ValueError, KeyError, TypeError, RuntimeError) as error:
            aside = self.path.with_suffix(".unusable")
            self.path.replace(aside)
            reason = str(error).splitlines()[0] if str(error) else type(error).__name__
            log.warning("the checkpoint %s cannot be continued (%s): set aside as %s", self.path, reason, aside.name)
            return None
        position.resumed.append({"steps": position.steps, **{name: header[name] for name in MACHINE if name in header}})
        log.warning("continues after %d steps, from %s", position.steps, self.path)
        return position, {name: tensor for name, tensor in tensors.items() if name.partition(".")[0] == RANDOM}

    def _content(self) -> tuple[dict[str, Any], dict[str, Tensor]]:
        with safe_open(self.path, "pt") as file:
            header = json.loads((file.metadata() or {})["state"])
            if (found := (header["version"], header["identity"])) != (VERSION, self.identity):
                raise ValueError(f"it is of version {found[0]} and of {found[1]}")
            return header, {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118 (not a dictionary)


@contextmanager
def asked_to_end() -> Iterator[list[int]]:
    """A list that gets the number of a signal (SIGTERM, SIGINT) which asks this process to end, instead of its ending
    at once. After the block the signal is delivered as it would have been. Only the main thread gets signals."""
    asked: list[int] = []
    if threading.current_thread() is not threading.main_thread():
        yield asked
        return
    wanted = [number for number in (signal.SIGTERM, signal.SIGINT) if signal.getsignal(number) != signal.SIG_IGN]
    before = {number: signal.signal(number, lambda number, frame: asked.append(number)) for number in wanted}
    try:
        yield asked
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
        if asked:
            signal.raise_signal(asked[0])


def _machine(device: torch.device) -> dict[str, Any]:
    found = {"processor": processor(), "threads": torch.get_num_threads()}
    return found if device.type == "cpu" else found | {"device": facts(device)["device"]}


def _momentum(network: nn.Module, optimizer: SGD) -> dict[str, Tensor]:
    buffers = {name: optimizer.state[p].get("momentum_buffer") for name, p in network.named_parameters()}
    return {name: buffer for name, buffer in buffers.items() if buffer is not None}


def _put(network: nn.Module, optimizer: SGD, tensors: dict[str, Tensor]) -> None:
    """Copy weights and statistics into the network's own tensors, which others may share, and hang the momentum on."""
    weights = {n.removeprefix(WEIGHTS): t for n, t in tensors.items() if n.startswith(WEIGHTS)}
    network.load_state_dict(weights)
    for name, parameter in network.named_parameters():
        if (buffer := tensors.get(f"{MOMENTUM}{name}")) is not None:
            own = torch.empty_like(parameter, requires_grad=False)  # the layout in memory that a training makes
            optimizer.state[parameter]["momentum_buffer"] = own.copy_(buffer)
