"""What pairing by seed buys, on arms that share nothing, something and everything but a shift."""

import numpy as np
import pytest

from analysis.problem import Problem
from analysis.stats.pairing import pairing


def arms(shared, count=12, seeds=40, sd=1.0):
    generator = np.random.default_rng(1)
    common = shared**0.5 * generator.standard_normal(seeds)
    own = (1 - shared) ** 0.5 * generator.standard_normal((count, seeds))
    return [dict(enumerate(row)) for row in (60 + sd * (common + own)).tolist()]


@pytest.mark.parametrize("shared", [0.0, 0.5, 0.9])
def test_what_arms_share_is_found(shared):
    found = pairing(arms(shared))
    assert (found.arms, found.pairs) == (12, 66)
    assert found.correlation == pytest.approx(shared, abs=0.12)
    assert found.seed_share == pytest.approx(shared, abs=0.12)
    assert (found.half_widths["paired"] < 0.8 * found.half_widths["welch"]) == (shared > 0)
    assert found.spread == pytest.approx(1, abs=0.2)


def test_five_seeds_that_share_nothing_are_better_not_paired():
    found = pairing(arms(0.0, count=40, seeds=5))
    widths = found.half_widths
    assert widths["moderated"] < widths["welch"] < widths["paired"]
    assert found.d0 > 10


def test_arms_that_differ_in_spread_have_a_prior_of_few_degrees_of_freedom():
    mixed = [*arms(0.0, sd=0.3), *arms(0.0, sd=3.0)]
    assert pairing(mixed).d0 < 3


def test_equal_accuracies_say_nothing_of_a_correlation():
    flat = [dict.fromkeys(range(4), 60.0)] * 2
    found = pairing([*flat, *arms(0.0, count=1, seeds=4)])
    assert found.pairs == 0
    assert np.isnan(found.correlation)


@pytest.mark.parametrize("runs", [[], arms(0.0, count=1), arms(0.0, count=3, seeds=2), [{0: 1.0, 1: None, 2: 3.0}] * 2])
def test_too_few_runs_are_refused(runs):
    with pytest.raises(Problem, match="say nothing about pairing"):
        pairing(runs)
