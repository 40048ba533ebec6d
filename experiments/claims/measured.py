"""Measures for three claims whose registered rules ask the wrong thing, and what each measure has to show.

- `latency-follows-madds`: the share of pairs of networks that latency orders the other way round, over the 22 published
  networks as they are. Spearman's correlation with an interval for a population of networks leaves even 0.99 undecided.
- `figure7-initial`: the spread over pixels against that of independent coins. A limit in percent of the channels is
  met or missed by how many channels a layer has.
- `low-dimensional-manifold`: the principal components of an activated expansion against those of a Gaussian that fills
  all dimensions of the block's input alike. Any nonlinearity spreads even that over more than a quarter of the
  channels.

The limits were written when the stored measurements were known (`KNOWN`). What each rule says under stated truths is in
results/tables/power-measured.md, which was committed before anything was judged by them.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from analysis.manifold.trained.null import null_components, over_coins
from analysis.manifold.trained.rows import Dimension, Positive
from analysis.problem import Problem
from analysis.stats.intervals import Estimate, mean_interval
from analysis.stats.rules import Finding

MOST_SWAPPED = 0.1
"""Latency follows cost where at most one pair of networks in ten has its order reversed."""

MOST_RATIO = 1.25
"""Little spread: at most a quarter more than independent coins of the same mean have."""

MOST_FILLED = math.log(0.75)
"""Low-dimensional: at most three quarters of the components that a Gaussian of the full dimension fills."""


KNOWN = "rule written when the stored measurement was known"
"""What every verdict by these measures says of itself."""

DRAWS = 1000
"""Resampled sets of rounds."""


class Swapped(NamedTuple):
    """Shares of pairs of networks with different costs: `share` by medians, with its interval over rounds."""

    share: float
    low: float
    high: float
    pairs: int


def swapped(
    costs: Sequence[float], turns: "Sequence[Sequence[float]] | NDArray[Any]", level: float = 0.95, draws: int = DRAWS
) -> Swapped:
    """The share of pairs of networks whose median times have the other order than their costs.

    `costs`: one a network. `turns`: times of each network, (networks, rounds), measured in the same rounds. The
    interval is the bootstrap's: whole rounds are drawn with replacement `draws` times, so that what a round does to
    all networks stays together. Noise swaps close pairs more often than it restores them, so the interval leans
    upwards, against the claim. Equal medians count half.

    Raises:
        Problem: fewer than two networks of different cost, fewer than two rounds, or times that are not positive.
    """
    times, cost = np.asarray(turns, float), np.asarray(costs, float)
    if times.ndim != 2 or len(times) != len(cost) or times.shape[1] < 2 or not (times > 0).all():
        raise Problem(
            f"turns of shape {times.shape} for {len(cost)} networks: positive times (networks, 2 or more rounds)"
        )
    a, b = np.nonzero(cost[:, None] > cost[None, :])
    if not len(a):
        raise Problem("no two networks have different costs")

    def shares(sets: NDArray[Any]) -> NDArray[Any]:
        """Times (networks, sets, rounds) -> share of each set."""
        medians = np.median(sets, axis=2)
        order = np.sign(medians[a] - medians[b])  # positive where the dearer network is the slower one
        return (order < 0).mean(0) + (order == 0).mean(0) / 2

    chosen = np.random.default_rng(times.shape).integers(0, times.shape[1], (draws, times.shape[1]))
    low, high = np.quantile(shares(times[:, chosen]), [(1 - level) / 2, (1 + level) / 2])
    return Swapped(float(shares(times[:, None])[0]), float(low), float(high), len(a))


def follows(found: Swapped) -> Finding:
    """The finding on one runtime: by where the interval lies against `MOST_SWAPPED`."""
    return _against(found.low, found.high, MOST_SWAPPED)


def little(ratios: Sequence[float], level: float = 0.95) -> tuple[Finding, Estimate]:
    """Whether the spread is little, with the mean log of `ratios` (one a seed, `mean_ratios`) and its t interval."""
    found = mean_interval([math.log(ratio) for ratio in ratios], level)
    return _against(found.low, found.high, math.log(MOST_RATIO)), found


def low_dimensional(logs: Sequence[float], level: float = 0.95) -> tuple[Finding, Estimate]:
    """Whether the dimension is low, with the mean of `logs` (one a seed, `filled`) and its t interval."""
    found = mean_interval(logs, level)
    return _against(found.low, found.high, MOST_FILLED), found


def _against(low: float, high: float, most: float) -> Finding:
    """Supported where an interval lies at `most` or below, contradicted where it lies above."""
    return "supported" if high <= most else "contradicted" if low > most else "undecided"


def mean_ratios(rows: Iterable[Positive]) -> tuple[float, ...]:
    """For each seed, in order, the geometric mean over layers of `over_coins`.

    Single layers lie between 0.7 and 1.3, as their random weights happen to be. Their mean is what is claimed.
    """
    by_seed: dict[int, list[float]] = {}
    for row in rows:
        by_seed.setdefault(row.seed, []).append(math.log(over_coins(row)))
    return tuple(math.exp(math.fsum(logs) / len(logs)) for _, logs in sorted(by_seed.items()))


def filled(rows: Iterable[Dimension], inputs: Mapping[str, int]) -> tuple[float, ...]:
    """For each seed, in order: the mean over blocks of log(components / those of a Gaussian of full dimension).

    `rows`: those of activated expansions ("expand.activation") count. `inputs`: block -> channels of its input.
    """
    logs: dict[int, list[float]] = {}
    for row in rows:
        if row.tensor == "expand.activation" and row.components:
            null = null_components(inputs[row.block], inputs[row.block], row.channels)
            logs.setdefault(row.seed, []).append(math.log(row.components / null))
    return tuple(math.fsum(logs[seed]) / len(logs[seed]) for seed in sorted(logs))
