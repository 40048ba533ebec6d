"""Gradients of networks trained here, at several steps, on images that were held out of their training."""

import copy
import math
from collections.abc import Callable, Sequence
from functools import partial
from itertools import pairwise
from pathlib import Path

import torch
from torch import Tensor
from torch.nn.functional import cross_entropy

from analysis.arch import unroll
from analysis.data.labels import Dataset
from analysis.environment import environment
from analysis.nn import Network
from analysis.nn.checkpoint import load_checkpoint
from analysis.nn.jacobians import between, gradient_norms, jacobians, spectrum, within
from analysis.nn.settle import settle_on
from analysis.tasks.classification.batches import evaluation_batches
from analysis.tasks.classification.recipe import Recipe
from analysis.tasks.recipes import recipe
from analysis.training.device import CPU
from analysis.trials import Trial
from analysis.trials.kept import at_share, checkpoint_path, origin, train_and_keep_shares
from experiments.answers.conditions import Conditions
from experiments.measurements.gradients.rows import (
    ARMS,
    BETWEEN,
    BLOCK,
    REST,
    SHARES,
    SITES,
    Gradient,
    Measured,
    Passed,
    Rows,
)
from experiments.measurements.gradients.rule import IMAGES, SEEDS

RECIPE = "brief"
BATCHES = 8
LARGEST = 1536
"""Values of a tensor up to which the Jacobian of one block is taken: all singular values of a matrix of that side."""

Batches = Sequence[tuple[Tensor, Tensor]]


def measure(
    data: Dataset, checkpoints: Path, backend: str, say: Callable[[str], object], device: torch.device = CPU
) -> Measured:
    """Train the networks whose weights at the shares of the training are not in the folder `checkpoints`, then measure.

    `backend` runs the training step on `device`. `say` is called with a line for each network.

    Raises:
        Problem: a training diverged, or a checkpoint is damaged or of another trial.
    """
    torch.set_num_threads(1)
    made, found = recipe(RECIPE), Rows([], [])
    assert isinstance(made, Recipe)
    for arm, variant in ARMS.items():
        batches = held_out(data, made, unroll(variant).image[1:])
        for seed in SEEDS:
            trial = Trial(variant.text, made.text, data.name, data.digest, seed)
            train_and_keep_shares(data, trial, checkpoints, SHARES, backend, device)
            for share in SHARES:
                stage = at_share(share)
                network, _ = load_checkpoint(checkpoint_path(checkpoints, trial, stage), origin(trial, stage))
                passed, gradients = measured(network, SITES[arm], batches, made.label_smoothing, settled=share > 0)
                found.passed.extend(Passed(arm, seed, share, *row) for row in passed)
                found.gradients.extend(Gradient(arm, seed, share, *row) for row in gradients)
            say(f"measured {arm}, seed {seed}")
    held = Conditions(data.name, (data.note,), made).text
    note = f"{held}, seeds {min(SEEDS)} to {max(SEEDS)}, {IMAGES} validation images"
    facts = {"note": note, "digest": data.digest, "environment": environment(), "dataset": data.name}
    return Measured(found, facts)


def held_out(data: Dataset, made: Recipe, size: tuple[int, int]) -> Batches:
    """The first batches that the recipe holds out of training, images (N, 3, *size) normalised and labels (N,).

    `size`: height and width in pixels.
    """
    _, held = data.split(made.validation, made.split_seed)
    images, labels = data.images_and_labels(held[: BATCHES * made.batch])
    return list(evaluation_batches(images, labels, data, size, made.batch))


def measured(
    network: Network, sites: Sequence[str], batches: Batches, smoothing: float, settled: bool
) -> tuple[list[tuple], list[tuple]]:
    """What `Passed` and `Gradient` say of a network after arm, seed and share, from its gradients on `batches`.

    `sites`: BETWEEN, WITHIN. Without `settled` its norms have no running statistics yet and take those of the batches.
    """
    loss = partial(cross_entropy, label_smoothing=smoothing)
    gradients = list(gradient_norms(copy.deepcopy(network), batches, loss).items())
    if settled:
        network.eval()
    else:
        settle_on(network, [images for images, _ in batches])
    images, shapes = batches[0][0], network.plan.shapes
    last = list(between(network.plan).values())[-1]
    passed = []
    for site in sites:
        tensors = (between if site == BETWEEN else within)(network.plan)
        sources = {name: block for block, name in tensors.items() if name != last}
        for number, image in enumerate(images[:IMAGES]):
            found = jacobians(network, image, sources, last)
            passed += [(number, site, REST, block, *spectrum(found[name])) for name, block in sources.items()]
        for (_, source), (block, target) in pairwise(tensors.items()):
            if shapes[source] == shapes[target] and math.prod(shapes[target]) <= LARGEST:
                found = jacobians(network, images[0], [source], target)[source]
                passed.append((0, site, BLOCK, block, *spectrum(found)))
    return passed, gradients
