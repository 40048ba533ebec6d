"""How fast a device trains: images a second of eager steps, and of those that are meant to be faster there."""

import statistics
import time
from collections.abc import Iterable, Iterator
from functools import cache
from typing import Any

import torch

from analysis.arch import preset
from analysis.data.cifar import load_dataset
from analysis.data.labels import Dataset
from analysis.nn.backend import resolved
from analysis.tasks.classification.recipe import Recipe
from analysis.tasks.recipes import task
from analysis.tasks.task import learner_on
from analysis.training.capture import stepping
from analysis.training.device import finish
from analysis.training.optimiser import descent
from analysis.training.streams import seeded
from experiments.benches.train import CASES

IMAGES, HELD_OUT = 2048, 100
WARM, AHEAD = 8, 16  # steps before the clock starts, and steps that an accelerator is given at once; 1 on a CPU
ENDLESS = 1_000_000  # steps that a schedule is made for


def backends(device: torch.device) -> tuple[str, ...]:
    """Eager, and what is meant to be faster on the device."""
    return tuple(dict.fromkeys(("eager", resolved("auto", device))))


def steps(backend: str, case: str, device: torch.device) -> Iterator[int]:
    """Endless training steps of a width (`experiments.benches.train.CASES`) on drawn images, augmentation and all; each
    yields its number of images."""
    name, width = CASES[case]
    data = drawn()
    made = Recipe(batch=64 if name == "brief" else 128, validation=HELD_OUT)
    with seeded(0, device):
        learner = learner_on(device, task(made), preset(name, width=width), made, data, 0, backend, None)
    optimizer, schedule = descent(learner.network, made, ENDLESS)
    step = stepping(learner, optimizer, device)
    learner.network.train()
    while True:
        for batch in learner.batches():
            step.descend(step.loss(batch))
            schedule.step()
            yield made.batch


@cache
def drawn() -> Dataset:
    """The images that every width is timed on."""
    return load_dataset("synthetic", train=IMAGES + HELD_OUT, test=HELD_OUT)


def rates(case: str, device: torch.device, rounds: int, seconds: float) -> dict[str, list[float]]:
    """Images a second of each backend, round by round, in turns of `seconds` seconds."""
    warm, ahead = (1, 1) if device.type == "cpu" else (WARM, AHEAD)
    running = {backend: steps(backend, case, device) for backend in backends(device)}
    for each in running.values():
        for _ in range(warm):  # libraries load, a captured step is captured
            next(each)
    found: dict[str, list[float]] = {backend: [] for backend in running}
    for _ in range(rounds):
        for backend, each in running.items():
            finish(device)
            started, images = time.perf_counter(), 0
            while time.perf_counter() - started < seconds or not images:
                images += sum(next(each) for _ in range(ahead))
                finish(device)
            found[backend].append(images / (time.perf_counter() - started))
    return found


def throughput(
    device: torch.device, rounds: int, seconds: float, cases: Iterable[str] = tuple(CASES)
) -> list[dict[str, Any]]:
    """A row for each width (of CASES) and backend: median and range of the rate, and its ratio to eager on the same
    device, taken within a round. A turn takes so many `seconds`."""
    rows = []
    for case in cases:
        found = rates(case, device, rounds, seconds)
        for backend, values in found.items():
            ratio = statistics.median(a / b for a, b in zip(values, found["eager"], strict=True))
            row = {"width": case, "backend": backend, "images/s": statistics.median(values), "to eager": ratio}
            rows.append(row | {"lowest": min(values), "highest": max(values)})
    return rows
