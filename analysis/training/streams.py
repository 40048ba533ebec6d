"""Independent random streams from one seed."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

import numpy as np
import torch

from analysis.problem import Problem
from analysis.training.device import CPU, WITHOUT_GENERATOR


class Streams(NamedTuple):
    """`init`: seed for the initial weights and for torch's own generator. `order`, `augment`: generators of data order
    and augmentation."""

    init: int
    order: np.random.Generator
    augment: np.random.Generator


def streams(seed: int) -> Streams:
    """The streams of `seed`, each derived from its own name, so that none depends on how much another was used.

    A seed therefore gives the same data order and the same crops to every network.

    Raises:
        Problem: `seed` is negative.
    """
    if seed < 0:
        raise Problem(f"seed is {seed}; give a whole number >= 0")
    # 63 bits, because torch takes a signed 64-bit seed
    init = int(_sequence(seed, "init").generate_state(1, np.uint64)[0]) >> 1
    return Streams(
        init, *(np.random.Generator(np.random.PCG64(_sequence(seed, name))) for name in ("order", "augment"))
    )


@contextmanager
def seeded(seed: int, device: torch.device = CPU) -> Iterator[None]:
    """Within the block torch's own generators, from which dropout draws on the CPU and on `device`, start from `seed`;
    after it, they are as before.

    Raises:
        Problem: `seed` is negative.
    """
    init = streams(seed).init
    forked = device.type not in (*WITHOUT_GENERATOR, "mps")  # whose state torch cannot fork
    own = [device.index or 0] if forked else []
    with torch.random.fork_rng(own, device_type=device.type if own else "cuda"):
        torch.manual_seed(init)
        yield


def restarted(stream: Streams, states: dict[str, Any]) -> dict[str, Any]:
    """The states of the generators by name, after putting `states` in place where it is not empty."""
    generators = {"order": stream.order, "augment": stream.augment}
    for name, state in states.items():
        generators[name].bit_generator.state = state
    return {name: generator.bit_generator.state for name, generator in generators.items()}


def _sequence(seed: int, name: str) -> np.random.SeedSequence:
    return np.random.SeedSequence(seed, spawn_key=tuple(name.encode()))
