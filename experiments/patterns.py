"""Is Figure 7 true of networks trained here, and do their activations lie on low-dimensional manifolds?

Appendix A counts the positive channels of each expansion layer, at initialisation and after training, and sets them
against the block's input channels: with fewer the block cannot be inverted (Lemma 2). Section 3.2 supposes that
activations of interest fill few of their dimensions. Here both are measured on held-out training images, with what
a ReLU6 loses of a block's input at several expansions, and what it does behind the projection.

    mnv2 patterns --checkpoints FOLDER

What it does not show: one epoch of CIFAR-10 on a network of 3 M multiply-adds and 8 to 16 input channels a block is
not ImageNet at 16 to 160 channels.
"""

from typing import TYPE_CHECKING

from analysis.arch import preset
from analysis.training.recipe import recipe
from analysis.trials import Trial

if TYPE_CHECKING:
    from analysis.training.data import Dataset

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


def trials(data: "Dataset", recipe_name: str = "brief") -> dict[tuple[str, int], Trial]:
    """The trials to measure, by arm and seed, seeds outermost."""
    text = recipe(recipe_name).text
    return {
        (name, seed): Trial(variant.text, text, data.name, data.digest, seed)
        for seed in SEEDS
        for name, variant in ARMS.items()
    }
