"""What a block buys at each layer of NAS-Bench-Macro (arXiv:2103.11922), and which networks none beats."""

from functools import cache
from typing import NamedTuple

from analysis.arch.nas_bench_macro import LENGTH, changed, published
from analysis.reference import table
from analysis.stats.contrasts import matched

# Change of a layer -> its digit before and after.
CHANGES = {
    "identity to expansion 3, kernel 3": ("0", "1"),
    "expansion 3, kernel 3 to expansion 6, kernel 5": ("1", "2"),
}


class Gain(NamedTuple):
    """What one change of a layer does, on average over all pairs of networks that differ in nothing else.

    `points` of accuracy with their 95 % interval from `low` to `high`, and multiply-adds `madds`.
    """

    layer: int
    change: str
    pairs: int
    points: float
    low: float
    high: float
    madds: float

    @property
    def rate(self) -> float:
        """Points for a million multiply-adds."""
        return self.points / self.madds * 1e6


class Best(NamedTuple):
    """A network that no other beats at its multiply-adds `madds`, and its mean accuracy in percent."""

    key: str
    madds: int
    accuracy: float


@cache
def madds() -> dict[str, int]:
    """Published multiply-adds of each network, by key."""
    return {row["key"]: int(row["flops"]) for row in table("nas_bench_macro")}


def gains() -> list[Gain]:
    """Each change at each layer, counted from 1."""
    runs, cost, found = published(), madds(), []
    for change, (old, new) in CHANGES.items():
        for layer in range(LENGTH):
            pairs = changed(layer, old, new)
            points = matched(runs, pairs)
            more = sum(cost[second] - cost[first] for first, second in pairs) / len(pairs)
            found.append(Gain(layer + 1, change, len(pairs), points.mean, points.low, points.high, more))
    return found


def front() -> list[Best]:
    """The distinct networks that none beats in mean accuracy at their multiply-adds or fewer, cheapest first."""
    runs, cost, found = published(), madds(), list[Best]()
    for key in sorted(runs, key=lambda key: (cost[key], -sum(runs[key]), key)):
        accuracy = sum(runs[key]) / len(runs[key])
        if not found or accuracy > found[-1].accuracy:
            found.append(Best(key, cost[key], accuracy))
    return found
