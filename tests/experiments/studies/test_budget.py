"""The studies of a budget: one question at several lengths of training, judged by rules of its own at each."""

import pytest

from analysis.arch import unroll
from analysis.cost import count
from experiments.answers.looks import parts_of
from experiments.claims.ablations import INTERESTS
from experiments.studies.budget import ARMS, LONGEST, MIDDLE, STUDIES
from experiments.studies.expansion_ratio import AT_COST
from experiments.studies.learning_rate import SMALL
from experiments.studies.registry import find_study


def test_each_budget_trains_as_long_as_it_says():
    assert {name: study.training().epochs for name, study in STUDIES.items()} == {
        f"budget-{epochs}": epochs for epochs in (1, 3, 10, 30, 100)
    }
    assert len({study.training().peak_rate for study in STUDIES.values()}) == 1


def test_the_factors_at_equal_cost_are_those_of_the_study_of_factors():
    assert (ARMS[SMALL], ARMS[MIDDLE]) == (AT_COST[SMALL], AT_COST[MIDDLE])


def test_all_arms_cost_the_same_and_the_longest_has_some_of_them():
    costs = {name: count(unroll(variant)).madds for name, variant in ARMS.items()}
    assert max(costs.values()) / min(costs.values()) < 1.02
    assert list(STUDIES["budget-100"].arms) == list(LONGEST)
    assert list(STUDIES["budget-30"].arms) == list(ARMS)


@pytest.mark.parametrize("name", INTERESTS)
def test_every_arm_is_weighed_by_a_registered_rule(name):
    asked = parts_of(find_study(name))
    assert all(each.registered for each in asked)
    weighed = {arm for each in asked for part in each.parts for arm in part.weights}
    assert weighed == set(find_study(name).arms)
