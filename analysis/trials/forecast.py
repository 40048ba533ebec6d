"""How long trials will take: their multiply-adds over the rate that this machine has shown."""

import heapq
import statistics
from collections.abc import Iterable

from analysis.arch import parse_variant, unroll
from analysis.cost import count
from analysis.environment import processor
from analysis.tasks.recipes import parse_recipe
from analysis.trials.record import Record
from analysis.trials.trial import Trial

# A step multiplies three times as much as a forward pass: also the gradients of inputs and of weights.
PASSES = 3


def trial_madds(trial: Trial, images: int) -> int:
    """Multiply-adds of a whole trial on `images` training images, validation part included: its steps, the
    validation after each epoch, and the test, on a fifth as many images as in every data set of ours."""
    return _madds(trial, parse_recipe(trial.recipe).steps(images), images // 5)


def _madds(trial: Trial, steps: int, test_images: int) -> int:
    recipe = parse_recipe(trial.recipe)
    forward_passes = PASSES * steps * recipe.batch + recipe.looks + test_images
    return count(unroll(parse_variant(trial.variant))).madds * forward_passes


def known_rate(
    records: Iterable[Record], trial: Trial, backend: str, threads: int = 1, device: str = "cpu"
) -> float | None:
    """Multiply-adds a second of the finished records with the recipe and the data set of `trial`, made on a processor
    like this one and a device of this name, with this backend and number of threads: their median. None if there are
    none."""
    here = processor()
    rates = []
    for record in records:
        facts = record.provenance
        ran = [facts.get(name) for name in ("processor", "backend", "threads")]
        same = [*ran, facts.get("device", "cpu")] == [here, backend, threads, device]
        alike = (record.trial.recipe, record.trial.dataset) == (trial.recipe, trial.dataset)
        if record.status == "finished" and same and alike and "resumed" not in facts:
            work = _madds(record.trial, record.result["steps"], record.result["test_images"])
            rates.append(work / facts["seconds"])
    return statistics.median(rates) if rates else None


def forecast(seconds: Iterable[float], jobs: int) -> float:
    """Seconds until the last of trials that take so many `seconds` ends, if each starts when one of `jobs` places is
    free, in their order, and none is slowed by the others."""
    ends = [0.0] * jobs
    for each in seconds:
        heapq.heapreplace(ends, ends[0] + each)
    return max(ends)
