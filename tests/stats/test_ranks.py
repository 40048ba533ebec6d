"""Rank correlation and its interval."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from analysis.problem import Problem
from analysis.stats import rank_correlation

columns = st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), min_size=8, max_size=8).filter(
    lambda rows: all(len(set(column)) > 1 for column in zip(*rows, strict=True))
)


@given(columns)
def test_agrees_with_scipy_and_lies_in_its_interval(rows):
    x, y = zip(*rows, strict=True)
    result = rank_correlation(x, y)
    assert result.value == pytest.approx(stats.spearmanr(x, y)[0])
    assert -1 <= result.low <= result.value + 1e-9
    assert result.value - 1e-9 <= result.high <= 1


@given(columns)
def test_only_the_order_counts(rows):
    x, y = zip(*rows, strict=True)
    assert rank_correlation([math.exp(value) for value in x], y) == rank_correlation(x, y)


def test_a_perfect_order_leaves_room_below():
    result = rank_correlation(range(22), range(22))
    assert result.value == pytest.approx(1)
    assert result.high == 1
    assert 0.99 < result.low < 1


@pytest.mark.parametrize("rho", [0.0, -0.9, 0.995])
def test_coverage(at_rate, rho):
    """There are 22 pairs, as many as published latencies. The interval by Fisher's z covers 73 % at 0.995."""
    generator = np.random.default_rng(22)
    x = generator.standard_normal((1500, 22))
    y = rho * x + math.sqrt(1 - rho * rho) * generator.standard_normal(x.shape)
    true = 6 / math.pi * math.asin(rho / 2)
    results = [rank_correlation(a, b) for a, b in zip(x.tolist(), y.tolist(), strict=True)]
    assert at_rate((result.low <= true <= result.high for result in results), 0.95)


@pytest.mark.parametrize(
    ("x", "y"),
    [([1, 2, 3], [1, 2, 3]), (range(6), range(5)), ([1] * 6, range(6)), (range(6), [math.nan] * 6)],
)
def test_wrong_input_is_a_problem(x, y):
    with pytest.raises(Problem):
        rank_correlation(x, y)
