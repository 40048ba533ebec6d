"""Two one-sided tests."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from analysis.problem import Problem
from analysis.stats import equivalence, mean_interval, paired_difference, welch_difference

MARGIN = 2.0


@given(st.lists(st.floats(-3, 3), min_size=2, max_size=8), st.floats(0.1, 5))
def test_shown_where_the_90_percent_interval_lies_within(values, margin):
    result = equivalence(mean_interval(values), margin)
    assume(abs(result.p - 0.05) > 1e-9)
    assert result.shown == (-margin < result.low and result.high < margin)


@pytest.mark.parametrize("compare", [paired_difference, welch_difference])
def test_planted_difference_at_the_margin(simulate, at_rate, compare):
    """A difference of exactly the margin is called equivalent in 5 % of studies. The interval covers it in 90 %."""
    shared = 1.0 if compare is paired_difference else 0.0
    results = [equivalence(compare(a, b), MARGIN) for a, b in simulate([MARGIN, 0], 8, 1.0, shared)]
    assert at_rate((result.shown for result in results), 0.05)
    assert at_rate((result.low <= MARGIN <= result.high for result in results), 0.90)


def test_one_seed_shows_nothing():
    result = equivalence(mean_interval([0.0]), 1)
    assert not result.shown
    assert result.p == 1


def test_wrong_input_is_a_problem():
    for margin in (0, -1, float("nan")):
        with pytest.raises(Problem, match="margin"):
            equivalence(mean_interval([0.0, 1.0]), margin)
    with pytest.raises(Problem, match="alpha"):
        equivalence(mean_interval([0.0, 1.0]), 1, alpha=0.5)
