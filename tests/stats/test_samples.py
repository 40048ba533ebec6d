"""Accuracies by seed: numbers are finite, and a diverged run is none."""

import pytest

from analysis.problem import Problem
from analysis.stats.samples import diverged, finished, finite, mostly_diverged


def test_runs_are_those_that_finished_and_those_that_did_not():
    runs = {3: None, 1: 70.0, 2: None, 0: 71}
    assert finished(runs) == {1: 70.0, 0: 71.0}
    assert diverged(runs) == (2, 3)
    assert not mostly_diverged(4, diverged(runs))
    assert mostly_diverged(3, diverged(runs))


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_what_is_not_finite_is_refused(value):
    for call in (lambda: finite([1.0, value]), lambda: finished({0: value})):
        with pytest.raises(Problem, match="None for a run that diverged"):
            call()
