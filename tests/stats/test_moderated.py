"""Variances moderated over the arms of a study, and contrasts of arms that are not paired."""

import math
import statistics

import numpy as np
import pytest
from scipy import stats
from scipy.special import polygamma

from analysis.problem import Problem
from analysis.stats import welch_difference
from analysis.stats.moderated import (
    MOST_PRIOR,
    Arms,
    _inverse_trigamma,
    contrasts,
    difference,
    moderate,
    prior,
    summary,
)

A = {0: 60.1, 1: 61.3, 2: 59.8, 3: 60.9}
B = {0: 58.0, 1: 59.9, 2: 57.1, 7: 60.2, 9: 58.8}


def test_welch_is_scipys_and_the_one_for_two_arms():
    found = difference({"a": A, "b": B}, {"a": 1, "b": -1}, "welch")
    theirs = stats.ttest_ind(list(A.values()), list(B.values()), equal_var=False)
    low, high = theirs.confidence_interval(0.95)
    assert found.p == pytest.approx(theirs.pvalue)
    assert (found.low, found.high) == pytest.approx((low, high))
    ours = welch_difference(A, B)
    assert (found.mean, found.standard_error, found.degrees, found.n) == pytest.approx(
        (ours.mean, ours.standard_error, ours.degrees, ours.n)
    )


def test_a_contrast_of_several_arms_adds_their_squared_errors():
    arms = {"a": A, "b": B, "c": {0: 50.0, 1: 53.0}}
    weights = {"a": 1.0, "b": -0.5, "c": -0.5}
    found = difference(arms, weights, "welch")
    parts = [
        (weights[name] ** 2 * statistics.variance(runs.values()) / len(runs), len(runs) - 1)
        for name, runs in arms.items()
    ]
    total = sum(square for square, _ in parts)
    assert found.standard_error == pytest.approx(math.sqrt(total))
    assert found.degrees == pytest.approx(total**2 / sum(square**2 / d for square, d in parts))
    assert found.mean == pytest.approx(
        sum(weight * statistics.fmean(arms[name].values()) for name, weight in weights.items())
    )


def test_inverse_trigamma_is_one():
    x = np.geomspace(1e-4, 1e8, 60)
    assert _inverse_trigamma(polygamma(1, x)) == pytest.approx(x, rel=1e-6)


def test_the_prior_that_made_the_variances_is_found_again():
    generator = np.random.default_rng(3)
    for true in (3.0, 8.0):
        sigma2 = true * 1.7**2 / generator.chisquare(true, 20_000)
        d = 4.0
        seen = sigma2 * generator.chisquare(d, len(sigma2)) / d
        found, centre, pooled = prior(seen, np.full(len(seen), d), most=math.inf)
        assert found == pytest.approx(true, rel=0.1)
        assert centre == pytest.approx(1.7**2, rel=0.05)
        assert not pooled


def test_a_moderated_variance_is_the_weighted_mean_that_smyth_gives():
    variances, degrees = np.array([0.1, 1.0, 9.0, 0.5]), np.array([14.0, 14.0, 14.0, 14.0])
    d0, centre, _ = prior(variances, degrees)
    assert 0 < d0 < MOST_PRIOR
    found, total, _ = moderate(variances, degrees)
    assert found == pytest.approx((d0 * centre + degrees * variances) / (d0 + degrees))
    assert total == pytest.approx(d0 + degrees)


def test_arms_that_are_alike_lend_each_other_no_more_than_the_most():
    variances, degrees = np.array([1.0, 1.1, 0.9]), np.array([4.0, 4.0, 4.0])
    assert prior(variances, degrees, most=math.inf) == (math.inf, pytest.approx(1.0), True)
    found, total, _ = moderate(variances, degrees, most=math.inf)
    assert found == pytest.approx([1.0] * 3)
    assert total.tolist() == [12.0] * 3  # those of the pooled variance, not infinitely many
    found, total, _ = moderate(variances, degrees)
    assert found == pytest.approx((MOST_PRIOR + 4 * variances) / (MOST_PRIOR + 4))
    assert total.tolist() == [MOST_PRIOR + 4] * 3


def test_one_arm_keeps_its_own_variance():
    found, total, _ = moderate(np.array([2.0]), np.array([4.0]))
    assert (found.tolist(), total.tolist()) == ([2.0], [4.0])


def test_degrees_of_freedom_are_those_of_the_sum_of_the_arms_own_variances():
    """By hand: four arms of three runs, each lent 4 degrees of freedom of the pooled variance to its own 2."""
    values = np.array([[0.0, 1.0, 2.0], [0.0, 1.1, 2.2], [0.0, 0.9, 1.8], [0.0, 1.0, 2.1]])
    own = values.var(1, ddof=1)
    found = contrasts(Arms(np.full(4, 3), values.mean(1), own), np.array([[1.0, -1.0, 0.0, 0.0]]))
    of_pair, of_others = (1 - 4 / 6) + 2 * 4 / 6 / 4, 2 * 4 / 6 / 4
    terms = np.array([of_pair, of_pair, of_others, of_others]) * own / 3
    assert found.errors[0] ** 2 == pytest.approx(terms.sum())
    assert found.degrees[0] == pytest.approx(terms.sum() ** 2 / (terms**2 / 2).sum())


def test_many_studies_are_judged_as_each_alone():
    values = np.random.default_rng(1).normal(60, [[1.0], [2.0], [0.5]], (7, 3, 5))
    weights = np.array([[1.0, -1.0, 0.0], [0.5, 0.5, -1.0]])
    together = contrasts(Arms(np.full((7, 3), 5), values.mean(-1), values.var(-1, ddof=1)), weights)
    for i, study in enumerate(values):
        alone = contrasts(summary([dict(enumerate(arm)) for arm in study.tolist()]), weights)
        for mine, theirs in zip(alone, together, strict=True):
            assert mine == pytest.approx(theirs[i])


def test_arms_that_do_not_vary_decide_nothing():
    """Equal accuracies say how coarse they are. Other arms lend their spread only to arms that have one."""
    arms = {"a": dict.fromkeys(range(3), 62.5), "b": dict.fromkeys(range(3), 60.0), "c": A}
    for spread in ("welch", "moderated"):
        assert difference(arms, {"a": 1, "b": -1}, spread).p == 1
    assert difference(arms, {"a": 1, "c": -1}).standard_error < 1
    assert difference({"a": {0: 62.5}, "b": {0: 60.0}}, {"a": 1, "b": -1}).p == 1


def test_diverged_runs_are_named_and_left_out():
    found = difference({"a": {**A, 9: None}, "b": B}, {"a": 1, "b": -1}, title="question")
    assert found.n == 4
    assert found.runs == (5, 5)
    assert found.diverged == ((9,), ())
    assert found.design == "moderated"
    assert found.label == "question"


@pytest.mark.parametrize(
    ("weights", "message"), [({"a": 1, "z": -1}, "z"), ({"a": 1.0}, "not a contrast"), ({}, "not")]
)
def test_what_is_not_a_contrast_is_refused(weights, message):
    with pytest.raises(Problem, match=message):
        difference({"a": A, "b": B}, weights)


@pytest.mark.parametrize(
    ("sds", "spread"), [((1.0,) * 6, "moderated"), ((1.0,) * 6, "welch"), ((0.8, 1.0, 1.2, 0.7, 1.4, 1.0), "moderated")]
)
def test_intervals_cover_as_promised_and_moderation_shortens_them(sds, spread):
    generator = np.random.default_rng(8)
    values = generator.standard_normal((20_000, 6, 5)) * np.array(sds)[:, None]
    weights = np.eye(6)[:-1] - np.eye(6)[-1]
    arms = Arms(np.full((20_000, 6), 5), values.mean(-1), values.var(-1, ddof=1))
    found = contrasts(arms, weights, spread)
    half = stats.t.ppf(0.975, found.degrees) * found.errors
    assert 0.945 < (np.abs(found.effects) <= half).mean() < 0.965
    welch = contrasts(arms, weights, "welch")
    widths = stats.t.ppf(0.975, welch.degrees) * welch.errors
    assert half.mean() <= widths.mean() * (0.95 if spread == "moderated" else 1)
