"""Options choose the seeds of a study, and refuse to contradict each other."""

from dataclasses import replace

import pytest

from analysis.problem import Problem
from experiments.sweeps.options import MOST, Options


def test_seeds_are_those_given_or_fresh_ones_or_the_studys_own():
    assert Options().question("ten-epochs").seeds == tuple(range(5))
    assert Options(seeds=(7, 9)).question("ten-epochs").seeds == (7, 9)
    assert Options(fresh_seeds=100).question("ten-epochs").seeds == tuple(range(100, 105))


def test_looks_have_at_most_so_many_seeds():
    looked = Options(until_decided=True).question("ten-epochs")
    assert (looked.looks, looked.seeds, looked.name) == (True, tuple(range(MOST)), "ten-epochs-until-decided")
    assert Options(most=6, fresh_seeds=100).question("headline").seeds == tuple(range(100, 106))


def test_arms_at_equal_cost_are_a_question_of_its_own():
    equal = Options(at_equal="params").question("ten-epochs")
    assert equal.name == "ten-epochs-equal-params"


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"most": 5, "seeds": ()}, "--most 5 goes with --until-decided: study pair has 2 seeds"),
        ({"until_decided": True}, "--until-decided chooses the seeds itself: leave --seeds out"),
    ],
)
def test_options_that_contradict_each_other_are_one_line(options, changed, message):
    with pytest.raises(Problem, match=message):
        replace(options, **changed).question("pair")
