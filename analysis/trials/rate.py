"""How fast this machine trains, timed now: records of a busier hour say little of it."""

import statistics
import time
from itertools import islice
from typing import Any

import torch

from analysis.arch import parse_variant
from analysis.tasks.recipes import parse_recipe, task
from analysis.tasks.task import learner_on
from analysis.training.capture import stepping
from analysis.training.device import CPU, finish
from analysis.training.optimiser import descent
from analysis.training.streams import seeded
from analysis.trials.forecast import trial_madds
from analysis.trials.trial import Trial

TEST_IMAGES = 2.0  # test images for each validation image: exact for CIFAR, near it for boxes and masks


def measured_rate(trial: Trial, data: Any, backend: str, steps: int = 24, device: torch.device = CPU) -> float:
    """Multiply-adds a second (as `trial_madds` counts them) of a whole trial on `device` and one thread, from a few of
    its own steps on its own data, at its own batch size, and one scoring of the validation split.

    Raises:
        Problem: what the task's learner refuses; a package is missing that scoring needs.
    """
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        seconds = trial_seconds(trial, data, backend, steps, device)
    finally:
        torch.set_num_threads(threads)
    return trial_madds(trial, len(data.train_images)) / seconds


def trial_seconds(trial: Trial, data: Any, backend: str, steps: int, device: torch.device = CPU) -> float:
    """Seconds that `trial` will take, from the median of so many steps and one scoring of the validation split."""
    recipe = parse_recipe(trial.recipe)
    with seeded(trial.seed, device):
        run = parse_variant(trial.variant), recipe, data, trial.seed, backend, None
        learner = learner_on(device, task(recipe), *run)
        optimizer, _ = descent(learner.network, learner.recipe, steps + 1)
        step = stepping(learner, optimizer, device)
        learner.network.train()
        times, started = [], time.perf_counter()
        for batch in islice(learner.batches(), steps + 1):
            step.descend(step.loss(batch))
            finish(device)
            times.append(time.perf_counter() - started)
            started = time.perf_counter()
        learner.validate()
        check = time.perf_counter() - started
    each = statistics.median(times[1:] or times)  # the first one compiles, allocates and waits for data
    checks = sum(learner.recipe.is_check(epoch) for epoch in range(1, recipe.epochs + 1))
    scored = checks + TEST_IMAGES * recipe.test_passes
    return recipe.steps(len(data.train_images)) * each + scored * check
