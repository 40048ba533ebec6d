"""One network and some images: its activations, a point a pixel, as rows of measurements."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from analysis.manifold.points import Array, Indices
from analysis.manifold.trained.counts import histogram, share_below, spread
from analysis.manifold.trained.dimension import components_for, participation_ratio, rank, spectrum, two_nn
from analysis.manifold.trained.recovery import RANDOM_FEATURES, recovered
from analysis.manifold.trained.rows import Dimension, Positive, Recovery

if TYPE_CHECKING:
    from torch import Tensor

    from analysis.arch import Block
    from analysis.nn import Network

PARTS = (
    "expand.norm",
    "expand.activation",
    "depthwise.activation",
    "project.norm",
    "project.activation",
)
PIXELS = 8  # of each image, for neighbours and maps
NEIGHBOURS = 1500  # points of the nearest-neighbour estimate


@dataclass
class Seen:
    """What is kept of a tensor: sums over all pixels, and `sample` (images, PIXELS, channels) of some."""

    pixels: int = 0
    total: Array = field(default_factory=lambda: np.zeros(0))
    products: Array = field(default_factory=lambda: np.zeros((0, 0)))
    positive: Indices = field(default_factory=lambda: np.zeros(0, np.int64))
    sample: list[Array] = field(default_factory=list)

    def add(self, points: Array, sample: Array) -> None:
        """Take in the pixels (count, channels) of some images."""
        exact = points.astype(np.float64)
        sums = (exact.sum(axis=0), exact.T @ exact, (points > 0).sum(axis=0))
        if self.pixels:
            sums = (self.total + sums[0], self.products + sums[1], self.positive + sums[2])
        self.total, self.products, self.positive = sums
        self.pixels += len(points)
        self.sample.append(sample)

    @property
    def covariance(self) -> Array:
        """Of the channels over all pixels (divisor: their number): (channels, channels)."""
        mean = self.total / self.pixels
        return self.products / self.pixels - np.outer(mean, mean)

    @property
    def points(self) -> Array:
        """The sampled pixels, (images, PIXELS, channels)."""
        return np.concatenate(self.sample)


def measured(
    network: "Network", batches: Iterable["Tensor"], label: tuple[str, int, str], seed: int = 0
) -> tuple[list[Positive], list[Dimension], list[Recovery]]:
    """Positive channels, dimensions and recovery in every inverted residual of a network in evaluation mode.

    `batches`: images (N, 3, H, W). `label`: arm, seed and stage, for the rows. `seed`: of the sampled
    pixels and of the random features. Maps are fitted on the first half of the images and judged on the second.
    """
    import torch

    blocks = [block for block in network.plan.blocks if block.body.kind == "inverted_residual"]
    wanted = {name for block in blocks for name in tensors(block).values()}
    seen: dict[str, Seen] = {name: Seen() for name in sorted(wanted)}
    counts: dict[str, list[Indices]] = {}
    rng = np.random.Generator(np.random.PCG64(seed))
    with torch.inference_mode():
        for images in batches:
            made = network.intermediates(images, wanted)
            places = {
                shape: _places(rng, len(images), shape) for shape in _sizes(made[name] for name in sorted(wanted))
            }
            maps = {name: made[name].permute(0, 2, 3, 1).flatten(1, 2).numpy() for name in wanted}
            for name, pixels in maps.items():
                place = places[made[name].shape[2] * made[name].shape[3]]
                seen[name].add(pixels.reshape(-1, pixels.shape[2]), np.take_along_axis(pixels, place, axis=1))
            for block in blocks:
                names = tensors(block)
                if "expand.activation" in names:
                    before, after = (maps[names[part]] for part in ("expand.norm", "expand.activation"))
                    found = [after > 0, (after > 0) & (after == before)]
                    new = [histogram(each.reshape(-1, each.shape[2])) for each in found]
                    counts[block.name] = [a + b for a, b in zip(counts.get(block.name, [0, 0]), new, strict=True)]
    positive = [_positive(block, seen, counts[block.name], label) for block in blocks if block.name in counts]
    dimensions = [row for block in blocks for row in _dimensions(block, seen, label)]
    recovery = [_recovery(block, seen, label, seed) for block in blocks if block.name in counts]
    return positive, dimensions, recovery


def tensors(block: "Block") -> dict[str, str]:
    """The tensors of an inverted residual that are measured: "input" and those of PARTS that it has -> full name.

    Where norms are folded, a convolution gives the result of its norm.
    """
    made = {op.name for op in block.body.operations}
    found = {part: part if part in made else part.replace("norm", "conv") for part in PARTS}
    return {"input": block.binding["x"]} | {part: block.tensor(at) for part, at in found.items() if at in made}


def _sizes(maps: Iterable["Tensor"]) -> list[int]:
    return sorted({tensor.shape[2] * tensor.shape[3] for tensor in maps})


def _places(rng: np.random.Generator, images: int, pixels: int) -> Indices:
    """Indices (images, PIXELS, 1) of different pixels of each image."""
    return rng.random((images, pixels)).argsort(axis=1)[:, :PIXELS, None]


def _positive(block: "Block", seen: dict[str, Seen], found: Sequence[Indices], label: tuple[str, int, str]) -> Positive:
    names = tensors(block)
    expanded, inputs = seen[names["expand.activation"]], len(seen[names["input"]].total)
    counts, linear = found
    at = spread(counts)
    return Positive(
        *label,
        block=block.name,
        shortcut=any(op.name == "shortcut" for op in block.body.operations),
        inputs=inputs,
        channels=len(expanded.total),
        pixels=expanded.pixels,
        least=at.least,
        low=at.low,
        mean=at.mean,
        most=at.most,
        sd=at.sd,
        below=share_below(counts, inputs),
        below_linear=share_below(linear, inputs),
    )


def _dimensions(block: "Block", seen: dict[str, Seen], label: tuple[str, int, str]) -> Iterable[Dimension]:
    for part, name in tensors(block).items():
        tensor = seen[name]
        variances, points = spectrum(tensor.covariance), tensor.points
        spaced = points.reshape(-1, points.shape[2])[:: max(1, points.shape[0] * PIXELS // NEIGHBOURS)]
        yield Dimension(
            *label,
            block=block.name,
            tensor=part,
            channels=len(variances),
            rank=rank(variances),
            participation=participation_ratio(variances),
            components=components_for(variances),
            twonn=two_nn(spaced[:NEIGHBOURS]),
            dead=int((tensor.positive == 0).sum()),
        )


def _recovery(block: "Block", seen: dict[str, Seen], label: tuple[str, int, str], seed: int) -> Recovery:
    names = tensors(block)
    expanded, inputs = (seen[names[part]].points for part in ("expand.activation", "input"))
    half = len(inputs) // 2
    fitted, judged = (
        (expanded[part].reshape(-1, expanded.shape[2]), inputs[part].reshape(-1, inputs.shape[2]))
        for part in (slice(half), slice(half, None))
    )
    linear, nonlinear = (recovered(fitted, judged, count, seed) for count in (0, RANDOM_FEATURES))
    return Recovery(*label, block.name, inputs.shape[2], expanded.shape[2], linear, nonlinear)
