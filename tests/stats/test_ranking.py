"""Orders against a reference: scipy's values, intervals that hold the truth, ties, what is refused."""

import math

import numpy as np
import pytest
from scipy.stats import kendalltau

from analysis.problem import Problem
from analysis.stats.ranking import Ranking

GENERATOR = np.random.default_rng(7)
REFERENCE = GENERATOR.standard_normal(30)
SCORES = REFERENCE + GENERATOR.standard_normal(30)


@pytest.mark.parametrize("scores", [SCORES, np.round(SCORES), -REFERENCE])
def test_values_are_those_of_scipy(scores):
    made = Ranking(REFERENCE, draws=50)
    assert made.tau(scores).value == pytest.approx(kendalltau(scores, REFERENCE).statistic)


def test_resamples_are_those_of_items():
    made = Ranking(REFERENCE, draws=20)
    drawn = np.random.default_rng(0).integers(30, size=(20, 30))
    found = [kendalltau(SCORES[each], REFERENCE[each]).statistic for each in drawn]
    tau = made.tau(SCORES)
    assert (tau.low, tau.high) == pytest.approx(tuple(np.quantile(found, [0.025, 0.975])))
    other = [kendalltau(np.round(SCORES)[each], REFERENCE[each]).statistic for each in drawn]
    paired = made.tau_difference(SCORES, np.round(SCORES))
    assert (paired.low, paired.high) == pytest.approx(tuple(np.quantile(np.subtract(found, other), [0.025, 0.975])))


def test_pairs_are_counted_by_their_gap():
    made = Ranking([0.0, 1.0, 2.0, 4.0, 8.0], draws=200)
    near = made.pairs_right([1, 0, 2, 3, 3], 0, 2)  # pairs 0-1 and 1-2: one is wrong
    assert (near.n, near.value) == (2, 0.5)
    far = made.pairs_right([1, 0, 2, 3, 3], 4, math.inf)  # 0-3, 0-4, 1-4, 2-4, 3-4, where the last is a tie
    assert (far.n, far.value) == (5, 0.9)
    assert math.isnan(made.pairs_right([1, 0, 2, 3, 3], 100, 200).value)


def test_the_interval_holds_a_known_correlation():
    rho, held = math.sin(math.pi / 2 * 0.6), 0
    for seed in range(200):
        x, noise = np.random.default_rng(seed).standard_normal((2, 40))
        tau = Ranking(x, draws=400, seed=seed).tau(rho * x + math.sqrt(1 - rho**2) * noise)
        held += tau.low <= 0.6 <= tau.high
    assert held >= 180  # nominal 190, standard error 3


@pytest.mark.parametrize(
    ("reference", "scores", "message"),
    [
        ([1, 2, 3, 4], [1, 2, 3, 4], "five items"),
        ([1, 2, 3, 4, 5], [1, 2, 3, 4], "one each"),
        ([1, 2, 3, 4, 5], [1, 1, 1, 1, 1], "all equal"),
        ([2, 2, 2, 2, 2], [1, 2, 3, 4, 5], "all equal"),
        ([1, 2, 3, 4, math.nan], [1, 2, 3, 4, 5], "finite"),
    ],
)
def test_what_has_no_order_is_refused(reference, scores, message):
    with pytest.raises(Problem, match=message):
        Ranking(reference).tau(scores)
