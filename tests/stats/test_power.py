"""What a number of seeds can show."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from analysis.problem import Problem
from analysis.stats import (
    detection_power,
    equivalence,
    equivalence_power,
    mean_interval,
    seeds_for_equivalence,
    seeds_needed,
    smallest_detectable,
)


@given(st.floats(0, 3), st.integers(2, 60), st.floats(0.001, 0.2))
def test_power_is_that_of_the_noncentral_t(effect, n, alpha):
    critical = stats.t.isf(alpha / 2, n - 1)
    far = effect * math.sqrt(n)
    other = stats.nct.cdf(-critical, n - 1, far) if far < 5 else 0.0  # scipy's is NaN in places above 5
    reference = stats.nct.sf(critical, n - 1, far) + other
    assert detection_power(2 * effect, 2, n, alpha) == pytest.approx(reference, abs=1e-6)


@pytest.mark.parametrize(("effect", "pairs"), [(0.2, 199), (0.5, 34), (0.8, 15)])
def test_seeds_for_small_medium_and_large_effects(effect, pairs):
    """The numbers of pairs are those of G*Power and of textbook tables at power 0.8 and alpha 0.05, two-sided."""
    assert seeds_needed(effect, 1) == pairs


@given(st.floats(0.2, 3), st.floats(0.1, 2), st.floats(0.5, 0.95), st.sampled_from([0.01, 0.05]))
def test_seeds_needed_are_the_fewest(effect, sd, power, alpha):
    n = seeds_needed(effect, sd, power, alpha)
    assert n is not None
    assert detection_power(effect, sd, n, alpha) >= power
    assert n == 2 or detection_power(effect, sd, n - 1, alpha) < power


@given(st.floats(0.01, 10), st.integers(2, 200), st.floats(0.3, 0.99), st.sampled_from([0.001, 0.05]))
def test_smallest_detectable_is_found_with_the_stated_power(sd, n, power, alpha):
    assert detection_power(smallest_detectable(sd, n, power, alpha), sd, n, alpha) == pytest.approx(power)


@settings(max_examples=30)
@given(st.floats(0.3, 3), st.floats(0, 0.2), st.floats(0.3, 2))
def test_seeds_for_equivalence_are_the_fewest(margin, effect, sd):
    n = seeds_for_equivalence(margin, sd, effect)
    assert n is not None
    assert equivalence_power(margin, sd, n, effect) >= 0.8
    assert n == 2 or equivalence_power(margin, sd, n - 1, effect) < 0.8


@pytest.mark.parametrize(("margin", "effect", "seeds"), [(1.5, 0.0, 5), (1.5, 0.5, 8), (0.5, 0.1, 40), (2.0, 0.0, 2)])
def test_equivalence_is_found_as_often_as_promised(simulate, at_rate, margin, effect, seeds):
    differences = [mean_interval(np.array(list(d.values())) - 60) for (d,) in simulate([effect], seeds, shared=0)]
    shown = (equivalence(difference, margin).shown for difference in differences)
    assert at_rate(shown, equivalence_power(margin, 1, seeds, effect))


def test_limits():
    assert smallest_detectable(1, 1) == math.inf
    assert smallest_detectable(0, 5) == 0
    assert (detection_power(1, 1, 1), detection_power(1, 0, 2), detection_power(0, 0, 2)) == (0, 1, 0)
    assert detection_power(0, 1, 5) == pytest.approx(0.05)
    assert seeds_needed(0, 1) is None
    assert seeds_for_equivalence(1, 1, effect=1) is None
    assert (equivalence_power(1, 0, 2), equivalence_power(1, 1, 1)) == (1, 0)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: smallest_detectable(-1, 5), "standard deviation -1"),
        (lambda: smallest_detectable(math.nan, 5), "standard deviation nan"),
        (lambda: seeds_needed(1, 1, power=80), "power 80"),
        (lambda: seeds_needed(math.nan, 1), "nan is not a measurement"),
        (lambda: seeds_needed(1, 1, alpha=5), "alpha 5"),
        (lambda: equivalence_power(0, 1, 5), "margin 0"),
    ],
)
def test_wrong_input_is_a_problem(call, message):
    with pytest.raises(Problem, match=message):
        call()
