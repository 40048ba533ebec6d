"""Differences of arms: paired, Welch's, interactions and trends."""

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from analysis.problem import Problem
from analysis.stats import contrast, detection_power, interaction, paired_difference, slope, welch_difference

accuracy = st.floats(0, 100)


def arms(number: int):
    """Strategy: arms of two to eight seeds. Differences of arms vary over seeds by more than rounding."""
    rows = st.lists(st.tuples(*[accuracy] * number), min_size=2, max_size=8)
    spread = rows.filter(lambda rows: min(np.ptp(np.diff(rows, axis=1), axis=0)) > 1e-3)
    return spread.map(lambda rows: [dict(enumerate(column)) for column in zip(*rows, strict=True)])


@given(arms(2))
def test_paired_agrees_with_scipy(pair):
    a, b = pair
    difference = paired_difference(a, b)
    reference: Any = stats.ttest_rel(list(a.values()), list(b.values()))
    assert difference.p == pytest.approx(reference.pvalue, abs=1e-12)
    assert (difference.low, difference.high) == pytest.approx(tuple(reference.confidence_interval()))
    mirrored = paired_difference(b, a)
    assert (mirrored.mean, mirrored.low, mirrored.high) == (
        -difference.mean,
        -difference.high,
        -difference.low,
    )


one_arm = st.lists(accuracy, min_size=2, max_size=8).filter(lambda values: np.ptp(values) > 1e-3)


@given(one_arm, one_arm)
def test_welch_agrees_with_scipy(a, b):
    difference = welch_difference(dict(enumerate(a)), dict(enumerate(b)))
    reference: Any = stats.ttest_ind(a, b, equal_var=False)
    assert difference.degrees == pytest.approx(reference.df)
    assert difference.p == pytest.approx(reference.pvalue, abs=1e-12)
    assert (difference.low, difference.high) == pytest.approx(tuple(reference.confidence_interval()))


@given(arms(4))
def test_an_interaction_is_a_difference_of_differences(four):
    aa, ab, ba, bb = four
    a, b = paired_difference(aa, ab), paired_difference(ba, bb)
    reference = paired_difference(dict(enumerate(a.values)), dict(enumerate(b.values)))
    seen = interaction(aa, ab, ba, bb)
    assert (seen.mean, seen.sd) == pytest.approx((reference.mean, reference.sd), abs=1e-9)


@given(arms(3))
def test_a_slope_is_that_of_the_means(three):
    scores = [1.0, 2.0, 6.0]
    means = [np.mean(list(arm.values())) for arm in three]
    assert slope(three, scores).mean == pytest.approx(np.polyfit(scores, means, 1)[0], abs=1e-9)


def test_what_a_difference_tells():
    a, b = {0: 62.0, 1: 60.0, 2: 61.0, 7: None}, {2: 60.0, 0: 60.0, 1: 59.5, 7: 58.0, 9: 10.0}
    difference = paired_difference(a, b, ("linear", "relu6"))
    assert difference.label == "linear - relu6"
    assert (difference.seeds, difference.values) == ((0, 1, 2), (2.0, 0.5, 1.0))
    assert (difference.runs, difference.diverged) == ((4, 5), ((7,), ()))
    assert difference.correlation == pytest.approx(np.corrcoef([62, 60, 61], [60, 59.5, 60])[0, 1])
    assert detection_power(difference.detectable, difference.sd, 3) == pytest.approx(0.8)


def test_correlation_needs_spread():
    assert paired_difference({0: 1.0, 1: 2.0}, {0: 1.0, 1: 3.0}).correlation is None
    assert paired_difference({0: 1.0, 1: 1.0, 2: 1.0}, {0: 1.0, 1: 3.0, 2: 2.0}).correlation is None


@pytest.mark.parametrize("compare", [paired_difference, welch_difference])
def test_an_arm_that_always_diverged_has_no_difference(compare):
    difference = compare({0: 60.0, 1: 61.0}, {0: None, 1: None})
    assert math.isnan(difference.mean)
    assert (difference.n, difference.p, difference.low, difference.high) == (0, 1, -math.inf, math.inf)
    assert difference.diverged == ((), (0, 1))
    assert not difference.comparable


def test_wrong_input_is_a_problem():
    a = {0: 60.0, 1: 61.0}
    with pytest.raises(Problem, match="share no seed"):
        paired_difference(a, {2: 60.0})
    with pytest.raises(Problem, match="nan is not a measurement"):
        paired_difference(a, {0: math.nan, 1: 60.0})
    for weights in ((1, 1), (0, 0), (1, -1, 0), ()):
        with pytest.raises(Problem, match="not a contrast of 2 arms"):
            contrast((a, a), weights)
    with pytest.raises(Problem, match="do not order"):
        slope((a, a), (1, 1))
    with pytest.raises(Problem, match="3 names for 2 arms"):
        paired_difference(a, a, ("x", "y", "z"))


def test_planted_difference(simulate, at_rate):
    """Without an effect there are 5 % false alarms. An effect is found as often as promised. The interval covers it."""
    none = [paired_difference(a, b) for a, b in simulate([0, 0])]
    assert at_rate((d.p <= 0.05 for d in none), 0.05)
    some = [paired_difference(a, b) for a, b in simulate([1.8, 0])]
    assert at_rate((d.p <= 0.05 for d in some), detection_power(1.8, math.sqrt(2), 5))
    assert at_rate((d.low <= 1.8 <= d.high for d in some), 0.95)


def test_planted_difference_between_unequal_spreads(simulate, at_rate):
    differences = [
        welch_difference(a, dict(list(b.items())[:6])) for a, b in simulate([0, 0], 10, sds=[0.5, 2], shared=0)
    ]
    assert at_rate((d.p <= 0.05 for d in differences), 0.05)
    assert at_rate((d.low <= 0 <= d.high for d in differences), 0.95)


def test_planted_interaction_and_trend(simulate, at_rate):
    additive = [interaction(*study) for study in simulate([3, 1, 2, 0])]
    assert at_rate((d.p <= 0.05 for d in additive), 0.05)
    reduced = [interaction(*study) for study in simulate([4, 1, 1, 0])]
    assert at_rate((d.p <= 0.05 for d in reduced), detection_power(2, 2, 5))
    rising = [slope(study, [0, 1, 2, 3]) for study in simulate([0, 0.5, 1, 1.5])]
    assert at_rate((d.low <= 0.5 <= d.high for d in rising), 0.95)
