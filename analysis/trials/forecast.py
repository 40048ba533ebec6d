"""How long trials will take: their multiply-adds over a rate (`analysis.trials.rate`)."""

import heapq
from collections.abc import Iterable

from analysis.arch import parse_variant, unroll
from analysis.cost import count
from analysis.tasks.recipes import parse_recipe
from analysis.trials.trial import Trial

# A step multiplies three times as much as a forward pass: also the gradients of inputs and of weights.
PASSES = 3


def trial_madds(trial: Trial, images: int) -> int:
    """Multiply-adds of a whole trial on `images` training images, validation part included: its steps, the
    validation after each epoch, and the test, on a fifth as many images as in every data set of ours."""
    recipe = parse_recipe(trial.recipe)
    forward_passes = PASSES * recipe.steps(images) * recipe.batch + recipe.looks + images // 5
    return count(unroll(parse_variant(trial.variant))).madds * forward_passes


def forecast(seconds: Iterable[float], jobs: int) -> float:
    """Seconds until the last of trials that take so many `seconds` ends, if each starts when one of `jobs` places is
    free, in their order, and none is slowed by the others."""
    ends = [0.0] * jobs
    for each in seconds:
        heapq.heapreplace(ends, ends[0] + each)
    return max(ends)
