"""How fast is a training step? Rates of the plain loop, of eager and of fused, and where the fused step's time goes.

Every configuration lives in processes of its own that run in turn, one configuration at a time, round after round: a
busy moment of the machine then hits all of them alike. Ratios are taken within a round. What one process computes, the
share of the peak and the operators' times are measured in processor time, which other programs disturb little.
"""

import gc
import multiprocessing
import os
import statistics
import time
from collections.abc import Iterator
from multiprocessing.connection import Connection
from typing import Any, NamedTuple

from analysis.arch import preset, unroll
from analysis.data.pixels import augment, normalise
from analysis.nn import build, initialise
from analysis.training.optimiser import parameter_groups
from analysis.trials.executors.local import tether
from experiments.benches.plain_loop import plain_network, plain_steps

CASES = {"brief": ("brief", 1.0), "0.35": ("cifar", 0.35), "0.5": ("cifar", 0.5), "1.0": ("cifar", 1.0)}
PIXELS = 2048  # images in memory


class Rate(NamedTuple):
    """Images a second, of time that passed and of time that the processes computed (a loader's workers not counted)."""

    wall: float
    processor: float


class Configuration(NamedTuple):
    """A way to train: `loop` "plain" or a backend, in how many processes of how many threads."""

    loop: str
    processes: int
    threads: int

    @property
    def label(self) -> str:
        """What a table calls it."""
        names = {"plain": "plain loop", "eager": "channels_last eager", "fused": "fused"}
        return f"{names[self.loop]}, {self.processes} x {self.threads}"


def configurations(cores: int) -> list[Configuration]:
    """The plain loop, then eager and fused with threads and with processes."""
    rest = [Configuration(loop, *split) for loop in ("eager", "fused") for split in {(1, 1), (1, cores), (cores, 1)}]
    return [Configuration("plain", 1, cores), *sorted(set(rest))]


def measure(case: str, rounds: int, seconds: float, cores: int) -> dict[Configuration, list[Rate]]:
    """Rates of each configuration, round by round, in turns of `seconds` seconds; time that passes counts for all
    processes together."""
    context = multiprocessing.get_context("spawn")
    workers: dict[Configuration, list[Connection]] = {}
    processes = []
    try:
        for configuration in configurations(cores):
            workers[configuration] = []
            for _ in range(configuration.processes):
                here, there = context.Pipe()
                job = (os.getpid(), there, configuration.loop, *CASES[case], configuration.threads)
                processes.append(context.Process(target=serve_driver, args=job))  # has children: cannot be a daemon
                processes[-1].start()
                workers[configuration].append(here)
                here.recv()  # one step is done
        rates: dict[Configuration, list[Rate]] = {configuration: [] for configuration in workers}
        for _ in range(rounds):
            for configuration, connections in workers.items():
                for connection in connections:
                    connection.send(seconds)
                answers = [connection.recv() for connection in connections]
                rates[configuration].append(
                    Rate(sum(r.wall for r in answers), statistics.mean(r.processor for r in answers))
                )
        for connections in workers.values():
            for connection in connections:
                connection.send(None)
        return rates
    except BaseException:
        for process in processes:
            process.terminate()
        raise
    finally:
        for process in processes:
            process.join()


def serve_driver(driver: int, *job: Any) -> None:
    """`serve` in a process that ends with the process `driver`."""
    tether(driver)
    serve(*job)


def serve(connection: Connection, loop: str, preset: str, width: float, threads: int) -> None:
    """In a process of its own: train for as many seconds as asked for, answer with the Rate."""
    import torch

    torch.set_num_threads(threads)
    steps = training(loop, preset, width)
    next(steps)
    connection.send(None)
    while seconds := connection.recv():
        next(steps)  # caches and the loader's queue are as in the middle of a training
        started, computed, images = time.perf_counter(), time.process_time(), 0
        while time.perf_counter() - started < seconds or not images:
            images += next(steps)
        passed, computed = time.perf_counter() - started, time.process_time() - computed
        connection.send(Rate(images / passed, images / computed))
    del steps
    gc.collect()  # ends the loader's workers


def training(loop: str, preset_name: str, width: float) -> Iterator[int]:
    """Endless training steps on random images; each yields its number of images."""
    import numpy as np
    import torch
    from torch.nn.functional import cross_entropy

    random = np.random.default_rng(0)
    pixels = random.integers(0, 256, (PIXELS, 32, 32, 3), np.uint8)
    labels = random.integers(0, 10, PIXELS)
    batch = 64 if preset_name == "brief" else 128
    variant = preset(preset_name, width=width)
    if loop == "plain":
        rows = tuple((t, variant.channels(c), n, s) for t, c, n, s, _, _ in variant.stages)
        network = plain_network(variant.channels(variant.stem), variant.stem_stride, rows, variant.last_channels)
        yield from plain_steps(network, pixels, labels, batch)
    network = build(unroll(variant), loop)
    initialise(network, 0)
    optimizer = torch.optim.SGD(parameter_groups(network, 5e-4), lr=0.05, momentum=0.9, nesterov=True, fused=True)
    while True:
        order = random.permutation(PIXELS)
        for part in np.split(order, PIXELS // batch):
            images = augment(pixels[part], 4, random.integers(0, 9, (batch, 2)), random.random(batch) < 0.5)
            scores = network(normalise(images, (0.45,) * 3, (0.25,) * 3))
            loss = cross_entropy(scores, torch.from_numpy(labels[part]), label_smoothing=0.1)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            loss.item()
            yield batch


def summary(rates: dict[Configuration, list[Rate]]) -> list[dict[str, Any]]:
    """A row for each configuration: median and range of the rate, ratios to the plain loop and to eager, and the images
    that one process computes in a second of its time."""
    walls = {c: [rate.wall for rate in values] for c, values in rates.items()}
    plain = next(values for c, values in walls.items() if c.loop == "plain")
    eager = max((values for c, values in walls.items() if c.loop == "eager"), key=statistics.median)
    return [
        {
            "configuration": c.label,
            "images/s": statistics.median(values),
            "lowest": min(values),
            "highest": max(values),
            "to plain": statistics.median(a / b for a, b in zip(values, plain, strict=True)),
            "to best eager": statistics.median(a / b for a, b in zip(values, eager, strict=True)),
            "images/processor s": statistics.median(rate.processor for rate in rates[c]),
        }
        for c, values in walls.items()
    ]
