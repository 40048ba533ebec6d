"""Is Figure 7 true of networks trained here, and do their activations lie on low-dimensional manifolds?

Appendix A counts the positive channels of each expansion layer, at initialisation and after training, and sets them
against the block's input channels: with fewer the block cannot be inverted (Lemma 2). Section 3.2 supposes that
activations of interest fill few of their dimensions. Here both are measured on held-out training images, with what
a ReLU6 loses of a block's input at several expansions, and what it does behind the projection.

    mnv2 patterns --checkpoints FOLDER

What came out (three seeds, one epoch): half of each expansion's channels are positive before training and after it, and
no layer falls below the threshold at expansion 6 and 10, with or without shortcuts, while at expansion 2, where the
threshold is the mean, every layer does. One epoch does not show that the spread grows. In the published curves three
layers fall below, not two, all without a shortcut. Of a block's input an affine map recovers 92 % of the variance
from the activated expansion at expansion 2 and 98.5 % at 6. How low the dimension is depends on the measure: trained,
the baseline's activated expansion needs 30 % of its channels for 95 % of the variance and the filtered one 69 %, both
above the quarter that the rule asks for; nearest neighbours say 9 and 14 of 89. A ReLU6 behind the projection kills
one channel in one of three networks and lowers no other rank: what it costs in accuracy is not lost that way.

What it does not show: one epoch of CIFAR-10 on a network of 3 M multiply-adds and 8 to 16 input channels a block is
not ImageNet at 16 to 160 channels.
"""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from analysis.arch import preset
from analysis.files import write_whole
from analysis.manifold.trained.rows import Dimension, Positive, Recovery, from_csv, to_csv
from analysis.tasks.classification.recipe import Recipe
from analysis.tasks.recipes import parse_recipe, recipe
from analysis.trials import Trial
from analysis.trials.kept import checkpoint_path, origin
from experiments.measurements.patterns.rule import IMAGES

if TYPE_CHECKING:
    from torch import Tensor

    from analysis.data.labels import Dataset

# Expansion 1 has no expansion layer in its blocks; 2 is the smallest that has one.
ARMS = {
    "baseline": preset("brief"),
    "relu6 bottleneck": preset("brief", projection="relu6"),
    "no shortcut": preset("brief", shortcut="none"),
    "expansion 1": preset("brief", expansion=1),
    "expansion 2": preset("brief", expansion=2),
    "expansion 3": preset("brief", expansion=3),
    "expansion 10": preset("brief", expansion=10),
}
SEEDS = (0, 1, 2)
LADDER = ("expansion 2", "expansion 3", "baseline", "expansion 10")  # arms that differ in expansion alone
BATCH = 100


class Measured(NamedTuple):
    """Rows of all networks, in the order of arms, seeds and stages."""

    positive: list[Positive]
    dimensions: list[Dimension]
    recovery: list[Recovery]


def trials(data: "Dataset", recipe_name: str = "brief") -> dict[tuple[str, int], Trial]:
    """The trials to measure, by arm and seed, seeds outermost."""
    text = recipe(recipe_name).text
    return {
        (name, seed): Trial(variant.text, text, data.name, data.digest, seed)
        for seed in SEEDS
        for name, variant in ARMS.items()
    }


def validation_images(data: "Dataset", recipe_text: str, count: int = IMAGES) -> "list[Tensor]":
    """The first `count` images that the recipe holds out of training, normalised, in batches (N, 3, 32, 32)."""
    from analysis.tasks.classification.batches import evaluation_batches

    made = parse_recipe(recipe_text)
    assert isinstance(made, Recipe)  # patterns are those of classifiers
    _, held_out = data.split(made.validation, made.split_seed)
    images, labels = data.images_and_labels(held_out[:count])
    return [batch for batch, _ in evaluation_batches(images, labels, data, BATCH)]


def measure_all(
    data: "Dataset", wanted: dict[tuple[str, int], Trial], folder: Path, say: Callable[[str], object]
) -> Measured:
    """Measure every trial's checkpoints below `folder`, initial and trained; `say` hears of each trial.

    Raises:
        Problem: a checkpoint is missing, damaged, or of another trial.
    """
    from analysis.manifold.trained.measure import measured
    from analysis.nn.checkpoint import load_checkpoint
    from analysis.nn.settle import settle_on

    found = Measured([], [], [])
    for (arm, seed), trial in sorted(wanted.items(), key=lambda item: (list(ARMS).index(item[0][0]), item[0][1])):
        batches = validation_images(data, trial.recipe)
        for stage in ("initial", "trained"):
            network, _ = load_checkpoint(checkpoint_path(folder, trial, stage), origin(trial, stage))
            network.eval() if stage == "trained" else settle_on(network, batches)
            for rows, new in zip(found, measured(network, batches, (arm, seed, stage)), strict=True):
                rows += new
        say(f"measured {arm}, seed {seed}")
    return found


def store(found: Measured, folder: Path) -> list[Path]:
    """Write the rows as CSV below `folder`."""
    texts = {
        "positive": to_csv(Positive, found.positive),
        "dimensions": to_csv(Dimension, found.dimensions),
        "recovery": to_csv(Recovery, found.recovery),
    }
    return [write_whole(folder / f"{name}.csv", text.encode()) for name, text in texts.items()]


def stored(folder: Path) -> Measured:
    """The rows that `store` wrote.

    Raises:
        Problem: a file is missing or has other columns.
    """
    positive = from_csv(Positive, folder / "positive.csv")
    dimensions = from_csv(Dimension, folder / "dimensions.csv")
    return Measured(positive, dimensions, from_csv(Recovery, folder / "recovery.csv"))
