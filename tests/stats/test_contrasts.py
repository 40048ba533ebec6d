"""Differences over matched pairs: by hand, by simulation, and what is refused."""

import math

import numpy as np
import pytest

from analysis.problem import Problem
from analysis.stats.contrasts import matched


def test_a_difference_by_hand():
    """Means 2, 5 and 9; variances 2, 2 and 8 with one degree of freedom each."""
    runs = {"a": [1.0, 3.0], "b": [4.0, 6.0], "c": [7.0, 11.0]}
    found = matched(runs, [("a", "b"), ("a", "c")])
    assert (found.mean, found.n, found.degrees) == (pytest.approx(5), 2, 3)
    pooled = (2 + 2 + 8) / 3  # a is in both pairs, so that its noise counts twice
    assert found.standard_error == pytest.approx(math.sqrt(pooled * (2**2 + 1 + 1) / 2) / 2)


def test_a_chain_of_pairs_leaves_its_ends_alone():
    runs = {"a": [0.0, 1.0], "b": [50.0, 51.0], "c": [4.0, 5.0]}
    found = matched(runs, [("a", "b"), ("b", "c")])
    assert found.mean == pytest.approx(2)
    assert found.standard_error == pytest.approx(math.sqrt(0.5 * 2 / 2) / 2)


def test_the_interval_covers_the_truth_as_often_as_it_says():
    generator, keys = np.random.default_rng(0), "abcdef"
    truth = {key: generator.normal() for key in keys}
    pairs = [("a", "b"), ("c", "d"), ("e", "b"), ("e", "f")]
    expected = sum(truth[second] - truth[first] for first, second in pairs) / len(pairs)
    inside = 0
    for _ in range(400):
        runs = {key: truth[key] + generator.normal(0, 0.5, 3) for key in keys}
        found = matched(runs, pairs)
        inside += found.low <= expected <= found.high
    assert 0.92 <= inside / 400 <= 0.98


@pytest.mark.parametrize(
    ("runs", "pairs", "message"),
    [
        ({"a": [1.0]}, [], "no pairs"),
        ({"a": [1.0, 2.0]}, [("a", "b")], "'b' has no runs"),
        ({"a": [1.0], "b": [2.0]}, [("a", "b")], "no thing has two runs"),
    ],
)
def test_what_cannot_be_compared_is_one_line(runs, pairs, message):
    with pytest.raises(Problem, match=message):
        matched(runs, pairs)
