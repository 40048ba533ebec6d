"""How fast this machine trains, timed now: for trials of a kind that no record knows."""

import statistics
import time

import torch

from analysis.arch import parse_variant, unroll
from analysis.cost import count
from analysis.nn import build
from analysis.tasks.recipes import parse_recipe
from analysis.trials.forecast import PASSES
from analysis.trials.trial import Trial


def measured_rate(trial: Trial, backend: str, steps: int = 4) -> float:
    """Training multiply-adds a second over a few steps of `trial` on random images, on one thread.

    It leaves out loading and augmentation, so it promises a little too much.
    """
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        plan, recipe = unroll(parse_variant(trial.variant)), parse_recipe(trial.recipe)
        network = build(plan, backend)
        images = torch.randn(recipe.batch, *plan.image).to(memory_format=torch.channels_last)
        seconds = []
        for _ in range(steps):
            started = time.perf_counter()
            outputs = network(images)
            each = outputs if isinstance(outputs, tuple) else (outputs,)
            torch.stack([output.sum() for output in each]).sum().backward()
            seconds.append(time.perf_counter() - started)
    finally:
        torch.set_num_threads(threads)
    return PASSES * count(plan).madds * recipe.batch / statistics.median(seconds)
