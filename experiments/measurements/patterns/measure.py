"""Activations of networks trained here, on images that were held out of their training."""

from collections.abc import Callable, Sequence
from pathlib import Path

import torch
from torch import Tensor

from analysis.data.labels import Dataset
from analysis.environment import environment
from analysis.manifold.trained.measure import measured
from analysis.nn.checkpoint import load_checkpoint
from analysis.nn.settle import settle_on
from analysis.tasks.classification.batches import evaluation_batches
from analysis.tasks.classification.recipe import Recipe
from analysis.tasks.recipes import parse_recipe, recipe
from analysis.training.device import CPU
from analysis.trials import Trial
from analysis.trials.kept import checkpoint_path, is_kept, origin, train_and_keep
from experiments.answers.conditions import Conditions
from experiments.measurements.patterns.rows import ARMS, Measured, Rows
from experiments.measurements.patterns.rule import IMAGES

SEEDS = (0, 1, 2)
BATCH = 100
RECIPE = "brief"


def measure(
    data: Dataset, checkpoints: Path, backend: str, say: Callable[[str], object], device: torch.device = CPU
) -> Measured:
    """Train the networks whose checkpoints are not in the folder `checkpoints`, then measure all.

    `backend` runs the training step on `device`. `say` is called with a line for each network.

    Raises:
        Problem: a checkpoint is damaged or of another trial.
    """
    torch.set_num_threads(1)
    wanted = trials(data)
    for trial in wanted.values():
        if not is_kept(checkpoints, trial):
            train_and_keep(data, trial, checkpoints, backend, device)
            say(f"trained {trial.label}")
    rows = measure_all(data, wanted, checkpoints, say)
    held = Conditions(data.name, (data.note,), recipe(RECIPE)).text
    note = f"{held}, seeds {min(SEEDS)} to {max(SEEDS)}, {IMAGES:,} validation images"
    facts = {"note": note, "digest": data.digest, "environment": environment(), "dataset": data.name}
    return Measured(rows, facts)


def trials(data: Dataset) -> dict[tuple[str, int], Trial]:
    """The trials to measure, by arm and seed, seeds outermost."""
    text = recipe(RECIPE).text
    return {
        (name, seed): Trial(variant.text, text, data.name, data.digest, seed)
        for seed in SEEDS
        for name, variant in ARMS.items()
    }


def validation_images(data: Dataset, recipe_text: str, count: int = IMAGES) -> list[Tensor]:
    """The first `count` images that the recipe holds out of training, normalised, in batches (N, 3, 32, 32)."""
    made = parse_recipe(recipe_text)
    assert isinstance(made, Recipe)  # patterns are those of classifiers
    _, held_out = data.split(made.validation, made.split_seed)
    images, labels = data.images_and_labels(held_out[:count])
    return [batch for batch, _ in evaluation_batches(images, labels, data, images.shape[1:3], BATCH)]


def measure_all(
    data: Dataset, wanted: dict[tuple[str, int], Trial], folder: Path, say: Callable[[str], object]
) -> Rows:
    """Measure every trial's checkpoints below `folder`, initial and trained. `say` is called with each trial.

    Raises:
        Problem: a checkpoint is missing, damaged, or of another trial.
    """
    found, arms = Rows([], [], []), list(ARMS)
    for (arm, seed), trial in sorted(wanted.items(), key=lambda item: (arms.index(item[0][0]), item[0][1])):
        batches = validation_images(data, trial.recipe)
        for stage in ("initial", "trained"):
            network, _ = load_checkpoint(checkpoint_path(folder, trial, stage), origin(trial, stage))
            network.eval() if stage == "trained" else settle_on(network, batches)
            new: Sequence[Sequence] = measured(network, batches, (arm, seed, stage))
            for rows, more in zip(found, new, strict=True):
                rows += more
        say(f"measured {arm}, seed {seed}")
    return found
