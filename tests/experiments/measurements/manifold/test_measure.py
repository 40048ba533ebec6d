"""What is compared with the condition asked for."""

import pytest

from analysis.manifold.sweep import Condition
from analysis.problem import Problem
from experiments.measurements.manifold.measure import Arguments, compared


def test_compared_conditions_are_distinct():
    main_condition = Condition()
    assert len({main_condition, *compared(main_condition)}) == len(compared(main_condition)) + 1


def test_arguments_are_checked_and_know_their_files():
    with pytest.raises(Problem, match="seed -1 is negative"):
        Arguments(seed=-1)
    assert not Arguments().of_files
    assert Arguments(points="cloud.npy").of_files
    assert Arguments(bias=0.5).condition == Condition(bias=0.5)
