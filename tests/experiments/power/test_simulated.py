"""Planted accuracies: their distributions, what is wrong of them, and one line by its level."""

import numpy as np
import pytest

from analysis.stats import Rule
from analysis.stats.boundaries import GroupSequential
from analysis.stats.sequential import ABOVE, BELOW, OPEN, SMALL
from experiments.power.simulated import NOISES, arm_means, claimed, line, noise, wrong


@pytest.mark.parametrize("kind", NOISES)
def test_noise_has_mean_0_and_variance_1(kind):
    draws = noise(kind, (400_000,), np.random.default_rng(1))
    assert draws.mean() == pytest.approx(0, abs=0.02)
    assert draws.std() == pytest.approx(1, abs=0.1)


def test_what_is_wrong_depends_on_the_truth():
    better, same = Rule(">", negligible=0.5), Rule("=", margin=1.0)
    shown = np.array([[ABOVE], [BELOW], [SMALL], [OPEN]])
    for rule, truth, false in (
        (better, 0.0, [True, False, False, False]),
        (better, -1.0, [True, False, False, False]),
        (better, 0.2, [False, False, False, False]),
        (better, 0.5, [False, True, True, False]),
        (better, 2.0, [False, True, True, False]),
        (Rule(">"), 2.0, [False, True, True, False]),
        (Rule("<", negligible=0.5), -2.0, [True, False, True, False]),
        (Rule("<", negligible=0.5), 0.0, [False, True, False, False]),
        (same, 0.0, [True, True, False, False]),
        (same, 1.0, [False, False, True, False]),
    ):
        assert wrong(shown, [rule], np.array([truth]))[:, 0].tolist() == false, (rule, truth)
    assert claimed(shown, [better])[:, 0].tolist() == [1, -1, -1, 0]
    assert claimed(shown, [same])[:, 0].tolist() == [-1, -1, 1, 0]


def test_arm_means_are_those_under_which_the_parts_hold():
    parts = [({"a": 1.0, "b": -1.0}, 2.0), ({"b": 1.0, "c": -1.0}, -1.0)]
    a, b, c = arm_means(parts, ("a", "b", "c"))
    assert (a - b, b - c) == pytest.approx((2.0, -1.0))


def test_a_fixed_design_with_one_part_is_wrong_as_often_as_its_level_says():
    values = np.random.default_rng(2).standard_normal((20_000, 2, 5))
    parts = [(np.array([1.0, -1.0]), Rule(">"))]
    found = line(GroupSequential((5,)), parts, values, np.zeros(2), "welch")
    assert found["wrong"] == pytest.approx(2.5, abs=0.7)
    assert found["coverage"] == found["throughout"] == pytest.approx(95, abs=1)
    assert (found["trials"], found["median seeds"]) == (10, 5)
