"""The parts on the price list, each a difference between networks of the studies."""

import math
from collections.abc import Sequence
from functools import cache
from typing import NamedTuple

from analysis.arch import Variant
from experiments.studies.registry import find_study

MORE = 1.1
"""Marginal points are for ten percent more."""


class Part(NamedTuple):
    """A part, and the pairs of arms (with it, without it) of a study that show it; of several pairs the mean counts.

    `times`: for a marginal point, the factor between the two arms of a pair in what is varied. What they differ by is
    taken as proportional to the logarithm of the factor.
    """

    name: str
    study: str
    pairs: Sequence[tuple[str, str]]
    times: float = 0.0

    @property
    def share(self) -> float:
        """The share of a pair's difference that the part has: 1, or that of ten percent more."""
        return math.log(MORE) / math.log(self.times) if self.times else 1.0

    @property
    def variants(self) -> list[tuple[Variant, Variant]]:
        """The pairs as networks."""
        arms = find_study(self.study).arms
        return [(arms[a], arms[b]) for a, b in self.pairs]


@cache
def parts() -> tuple[Part, ...]:
    """All parts, in the order of the list."""
    widths = ("0.35", "0.5", "0.75")
    return (
        Part("linear bottleneck, not ReLU6", "budget-1", [("linear", "relu6")]),
        Part("shortcuts", "budget-1", [("linear", "no shortcut")]),
        Part("their place: bottlenecks, not expansions", "budget-1", [("linear", "expansion shortcut")]),
        Part("expansion 6, not 1, at equal cost", "budget-1", [("linear", "t = 1, cost of width 1")]),
        Part(
            "separable, not plain convolutions, at equal cost",
            "families",
            [("MobileNetV1, cost of width 1", "plain, cost of width 1")],
        ),
        Part("last layer unscaled, widths below 1", "last-layer-width", [(f"{w} full", f"{w} scaled") for w in widths]),
        Part("ReLU6, not ReLU", "kernel-activation", [("3 x 3, ReLU6", "3 x 3, ReLU")]),
        Part("5 x 5 kernels, not 3 x 3", "kernel-activation", [("5 x 5, ReLU6", "3 x 3, ReLU6")]),
        Part("10 % more width", "width-resolution", [("1.4 at 32", "1 at 32")], 1.4),
        Part("10 % more depth", "shortcut-placement", [("bottleneck", "bottleneck, half depth")], 14 / 8),
        Part("10 % more resolution", "width-resolution", [("1 at 32", "1 at 24")], 32 / 24),
        Part("10 % more expansion", "expansion-ratio", [("t = 10, width 1", "t = 6, width 1")], 10 / 6),
    )
