"""Swapped pairs, independent coins, Gaussians of full dimension: by hand, and on data of a known answer."""

import math

import numpy as np
import pytest

from analysis.manifold.trained.null import null_components, over_coins
from analysis.manifold.trained.rows import Dimension, Positive
from analysis.problem import Problem
from experiments.claims.measured import (
    MOST_FILLED,
    MOST_RATIO,
    filled,
    follows,
    mean_ratios,
    swapped,
)

ROUNDS = np.random.default_rng(1).normal(1.0, 0.01, 30)


def turns(medians, sd=0.001):
    return np.array(medians)[:, None] * np.random.default_rng(2).lognormal(0, sd, (len(medians), 30)) * ROUNDS


def test_pairs_are_swapped_where_the_dearer_network_is_faster():
    found = swapped([1, 2, 3, 4], turns([10, 20, 30, 40]))
    assert found == (0.0, 0.0, 0.0, 6)
    found = swapped([1, 2, 3, 4], turns([10, 30, 20, 40]))
    assert found == (pytest.approx(1 / 6), pytest.approx(1 / 6), pytest.approx(1 / 6), 6)
    assert swapped([1, 1, 2], turns([10, 20, 30])).pairs == 2  # equal costs have no order
    assert swapped([1, 2], np.full((2, 3), 5.0)).share == 0.5
    noisy = swapped([1, 2, 3, 4], turns([10, 10.05, 30, 40], sd=0.1))
    assert (noisy.low, noisy.high) == (0.0, pytest.approx(1 / 6))
    assert swapped([1, 2, 3, 4], turns([10, 10.05, 30, 40], sd=0.1)) == noisy  # the same draws


@pytest.mark.parametrize(
    ("costs", "times"),
    [([1, 2], [[1.0], [2.0]]), ([1, 1], [[1.0, 1.1]] * 2), ([1, 2], [[1.0, -1.0]] * 2), ([1], [[1, 1]] * 2)],
)
def test_turns_that_order_nothing_are_refused(costs, times):
    with pytest.raises(Problem):
        swapped(costs, times)


def test_latency_that_follows_is_found_to_and_one_that_does_not_is_not():
    """22 networks, one pair in 21 swapped, then one in 5: as the registered correlation of 0.99 could not say."""
    costs = np.arange(1.0, 23.0)
    mild = costs.copy()
    mild[::2], mild[1::2] = costs[1::2], costs[::2]
    found = swapped(costs, turns(mild))
    assert found.share == pytest.approx(11 / 231)
    assert follows(found) == "supported"
    shuffled = np.random.default_rng(3).permutation(costs)
    assert follows(swapped(costs, turns(shuffled))) == "contradicted"
    assert follows(swapped(costs, turns(mild, sd=0.5))) == "undecided"


@pytest.mark.parametrize("truth", [(10.0, 20.0, 20.2, 40.0), (10.0, 20.2, 20.0, 40.0)])
def test_the_interval_of_swapped_pairs_holds_the_truth(truth):
    generator, share, held = np.random.default_rng(7), float(truth[1] > truth[2]) / 6, 0
    for _ in range(200):
        drawn = np.array(truth)[:, None] * generator.lognormal(0, 0.02, (4, 15))
        found = swapped([1, 2, 3, 4], drawn)
        held += found.low - 1e-9 <= share <= found.high + 1e-9
    assert held / 200 > 0.95


def positive(bits, seed=0, block="b"):
    counts = bits.sum(1)
    return Positive(
        arm="baseline", seed=seed, stage="initial", block=block, shortcut=False, inputs=4, channels=bits.shape[1],
        pixels=len(bits), least=int(counts.min()), low=0, mean=float(counts.mean()), most=int(counts.max()),
        sd=float(counts.std()), below=0.0, below_linear=0.0,
    )  # fmt: skip


@pytest.mark.parametrize("channels", [24, 48, 384])
@pytest.mark.parametrize("share", [0.5, 0.3])
def test_independent_coins_have_a_ratio_of_1_whatever_the_number_of_channels(channels, share):
    """The registered limit, a tenth of the channels, is met by 384 fair coins and missed by 24."""
    row = positive(np.random.default_rng(4).random((20_000, channels)) < share)
    assert over_coins(row) == pytest.approx(1, abs=0.02)
    assert (row.sd / row.channels <= 0.1) == (channels > 24 or share < 0.5)


def test_channels_that_are_positive_together_have_a_larger_ratio():
    coins = np.random.default_rng(5).random((20_000, 24)) < 0.5
    together = positive(np.repeat(coins, 4, axis=1))
    assert over_coins(together) == pytest.approx(2, abs=0.05)
    assert over_coins(together) > MOST_RATIO
    assert over_coins(positive(np.ones((10, 4), bool))) == math.inf
    assert mean_ratios([positive(coins), together, positive(coins, seed=3)]) == pytest.approx((2**0.5, 1), abs=0.03)


def dimension(points, seed=0, block="b"):
    """The row of activated expansions of `points` (count, inputs), six-fold, norms at their statistics."""
    from analysis.manifold.trained.dimension import components_for, spectrum

    generator = np.random.default_rng(seed + 100)
    channels = 6 * points.shape[1]
    mixed = points @ generator.standard_normal((points.shape[1], channels))
    active = np.clip((mixed - mixed.mean(0)) / mixed.std(0), 0, 6)
    found = components_for(spectrum(np.cov(active.T)))
    return Dimension("baseline", seed, "trained", block, "expand.activation", channels, 0, 0.0, found, 0.0, 0)


def test_a_gaussian_of_full_dimension_fills_what_it_is_compared_with():
    """The registered rule calls it high-dimensional whatever it fills: its share lies above a quarter."""
    generator = np.random.default_rng(6)
    rows = [dimension(generator.standard_normal((4000, 16)), seed) for seed in range(5)]
    assert all(row.components / row.channels > 0.25 for row in rows)
    logs = filled(rows, {"b": 16})
    assert len(logs) == 5
    assert abs(sum(logs) / 5) < 0.05


def test_points_of_half_the_dimensions_fill_less():
    generator = np.random.default_rng(6)
    flat = np.zeros((4000, 16))
    flat[:, :6] = generator.standard_normal((4000, 6))
    assert filled([dimension(flat)], {"b": 16})[0] < MOST_FILLED
    with pytest.raises(Problem):
        null_components(0, 0, 6)
