"""How many more trials an hour two processes train than one.

    mnv2 bench sweep

Short but real trials (the `brief` network on a few thousand synthetic images) go through the sweep into a store, in
process and side by side by turns, so that a slow minute of the machine meets both. Starting the processes is measured
in the warm-up alone: a sweep of hours pays it once.
"""

import statistics
import tempfile
import time
from functools import partial
from pathlib import Path

from analysis.arch import preset
from analysis.data.cifar import load_dataset
from analysis.problem import Problem
from analysis.tasks.classification.recipe import Recipe
from analysis.trials import Record, Store, Trial
from analysis.trials.executors.local import local, sensible_jobs
from analysis.trials.run import run_on
from analysis.trials.sweep import sweep

BATCH = 64
VALIDATION, TEST = 500, 500


def train(images: int, trial: Trial) -> Record:
    """A real training on `images` synthetic images."""
    return run_on(load_dataset("synthetic", train=images + VALIDATION, test=TEST), trial)


def trials_an_hour(trials: list[Trial], images: int, jobs: int) -> float:
    """Throughput of a sweep over `trials` into an empty store."""
    with tempfile.TemporaryDirectory() as folder:
        started = time.perf_counter()
        records = sweep(trials, Store(Path(folder)), local(partial(train, images), jobs))
        seconds = time.perf_counter() - started
    assert {record.status for record in records} == {"finished"}
    return 3600 * len(trials) / seconds


def measure(jobs: int, trials: int, steps: int, rounds: int) -> tuple[list[float], list[float]]:
    """Trials an hour of one process and of `jobs`, round by round."""
    recipe = Recipe(name="bench", batch=BATCH, validation=VALIDATION).text
    every = [Trial(preset("brief").text, recipe, "synthetic", "", seed) for seed in range(trials)]
    images, rates = steps * BATCH, {1: [], jobs: []}
    for side in rates:
        trials_an_hour(every[:side], images, side)  # warm-up: processes, data, the first step's choices
    for _ in range(rounds):
        for side, values in rates.items():
            values.append(trials_an_hour(every, images, side))
    return rates[1], rates[jobs]


def sweep_speed(jobs: int = 2, trials: int = 4, steps: int = 30, rounds: int = 5) -> None:
    """Print the throughput of `jobs` processes against that of one: turns of `trials` trials of `steps` steps, over so
    many rounds.

    Raises:
        Problem: the machine does not bear as many `jobs`.
    """
    if not 1 < jobs <= sensible_jobs():
        raise Problem(f"--jobs {jobs} cannot be measured: this machine bears {sensible_jobs()} trials side by side")
    alone, together = measure(jobs, trials, steps, rounds)
    print(f"trials an hour of {steps} steps each, median [range] of {rounds} interleaved rounds of {trials} trials")
    for name, values in (("--jobs 1", alone), (f"--jobs {jobs}", together)):
        print(f"  {name:10} {statistics.median(values):8.0f} [{min(values):.0f}, {max(values):.0f}]")
    ratios = [b / a for a, b in zip(alone, together, strict=True)]
    print(f"  ratio      {statistics.median(ratios):8.2f} [{min(ratios):.2f}, {max(ratios):.2f}]")
