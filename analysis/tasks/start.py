"""What a trunk starts from, whatever the task: random weights, a classifier that was trained here, a published file."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from torch import Tensor

from analysis.arch import Variant
from analysis.data.pixels import normalise, resized
from analysis.nn.network import Network
from analysis.nn.published.kinds import Pixels
from analysis.nn.published.read import read_published
from analysis.nn.published.trunk import begin_from
from analysis.nn.transfer import start_from
from analysis.training.recipe import WEIGHTS

IMAGES, BATCH = 64, 4  # training images that folded norms are set apart on, and how many at a time


def begin(network: Network, variant: Variant, recipe: Any, path: Path | None, data: Any, images: np.ndarray) -> str:
    """Give the network's trunk the weights that its recipe starts from, in place, and say what they are. "" without a
    `path`, where they stay random.

    `path`: the checkpoint of a classifier, or a file of published weights. `data`: the data set, with `mean` and `std`.
    `images`: training images, uint8 (N, H, W, 3).

    Raises:
        Problem: weights that cannot be read or do not fit.
    """
    if path is None:
        return ""
    if recipe.start != WEIGHTS:
        return start_from(network, path).statement
    pixels = Pixels(tuple(data.mean), tuple(data.std))  # type: ignore[arg-type]
    return begin_from(network, variant, read_published(path), pixels, _seen(images, network, pixels))


def _seen(images: np.ndarray, network: Network, pixels: Pixels) -> Iterator[Tensor]:
    """Some of the images, spread over all, at the network's size, in batches (N, 3, H, W)."""
    some = images[:: max(1, len(images) // IMAGES)][:IMAGES]
    for at in range(0, len(some), BATCH):
        yield resized(normalise(some[at : at + BATCH], *pixels), network.plan.image[1:])
