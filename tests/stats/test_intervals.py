"""Means, t intervals and the interval of a spread."""

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from analysis.problem import Problem
from analysis.stats import mean_interval, sd_interval
from analysis.stats.intervals import geometric, geometric_interval, interval

accuracies = st.lists(st.floats(0, 100), min_size=2, max_size=12).filter(lambda values: np.ptp(values) > 1e-3)


@given(accuracies, st.floats(0.5, 0.999), st.floats(0, 100))
def test_agrees_with_scipy(values, level, value):
    estimate = mean_interval(values, level)
    reference: Any = stats.ttest_1samp(values, value)
    assert (estimate.mean, estimate.sd) == pytest.approx((np.mean(values), np.std(values, ddof=1)))
    assert (estimate.low, estimate.high) == pytest.approx(tuple(reference.confidence_interval(level)))
    assert estimate.p_at(value) == pytest.approx(reference.pvalue, abs=1e-12)
    above: Any = stats.ttest_1samp(values, value, alternative="greater")
    assert estimate.p_above(value) == pytest.approx(above.pvalue, abs=1e-12)


@given(accuracies, st.floats(0, 100))
def test_the_interval_leaves_out_what_the_test_rejects(values, value):
    estimate = mean_interval(values)
    p = estimate.p_at(value)
    if abs(p - 0.05) > 1e-9:
        assert (p < 0.05) == (not estimate.low <= value <= estimate.high)


def test_one_value_says_nothing_about_spread():
    estimate = mean_interval([61.5])
    assert (estimate.mean, estimate.low, estimate.high) == (61.5, -math.inf, math.inf)
    assert (estimate.sd, estimate.p, estimate.p_above(0)) == (math.inf, 1, 1)
    assert sd_interval(estimate.sd, 1) == (0, math.inf)


def test_equal_values_make_a_point():
    estimate = mean_interval([61.5, 61.5, 61.5])
    assert (estimate.low, estimate.high, estimate.p, estimate.p_at(61.5)) == (61.5, 61.5, 0, 1)


@pytest.mark.parametrize(
    ("values", "level", "message"),
    [
        ([], 0.95, "no finished run"),
        ([60.0, math.nan], 0.95, "None for a run that diverged"),
        ([60.0, math.inf], 0.95, "inf is not a measurement"),
        ([60.0, 61.0], 95, "write 0.95 for 95 %"),
    ],
)
def test_wrong_input_is_a_problem(values, level, message):
    with pytest.raises(Problem, match=message):
        mean_interval(values, level)


@pytest.mark.parametrize("seeds", [2, 3, 5])
def test_coverage(simulate, at_rate, seeds):
    estimates = [mean_interval(arm.values()) for (arm,) in simulate([0], seeds, shared=0)]
    assert at_rate((e.low <= 60 <= e.high for e in estimates), 0.95)
    spreads = [sd_interval(e.sd, seeds) for e in estimates]
    assert at_rate((low <= 1 <= high for low, high in spreads), 0.95)


def test_a_mean_is_written_with_its_interval_and_a_single_value_alone():
    assert interval([0.4, 0.5, 0.6]) == "0.50 [0.25, 0.75]"
    assert (interval([0.25], 1), interval([])) == ("0.2", "")
    assert interval([-0.001, -0.001]) == "0.00 [0.00, 0.00]"  # without the sign of a negative zero


def test_a_geometric_mean_has_the_interval_of_the_logarithms():
    values = (2.0, 4.0, 8.0)
    mean, low, high = geometric_interval(values)
    reference: Any = stats.ttest_1samp(np.log(values), 0).confidence_interval()
    assert (mean, low, high) == pytest.approx((4, math.exp(reference.low), math.exp(reference.high)))
    assert geometric(values) == f"4.00 [{low:.2f}, {high:.2f}]"
    assert geometric([2.5]) == "2.50"
    assert geometric_interval([2.5]) == (2.5, 0.0, math.inf)
