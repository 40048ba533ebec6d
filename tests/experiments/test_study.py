"""A Study refuses what cannot be compared, brings arms to equal cost, and crosses arms with budgets or rates."""

from dataclasses import replace

import pytest

from analysis.arch import preset, unroll
from analysis.cost import count
from analysis.problem import Problem
from analysis.tasks.recipes import recipe
from experiments.study import Study, at_equal, crossed, fresh

ARMS = {"linear": preset("brief"), "relu6": preset("brief", projection="relu6")}
BRIEF = recipe("brief")
BUDGETS = [replace(BRIEF, name=f"brief-{epochs}", epochs=epochs) for epochs in (3, 1)]


def study(**fields):
    return Study(**{"name": "made", "question": "Which?", "arms": ARMS, **fields})


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"arms": {"linear": preset("brief")}}, "needs at least two arms"),
        ({"arms": {"a": preset("brief"), "b": preset("brief")}}, "two arms of one variant and one recipe"),
        ({"seeds": ()}, "needs at least one seed"),
        ({"beside": [("linear", "relu")]}, "speaks of arms that it has not: relu"),
        ({"x": "madds"}, "`x` and `lines` go together"),
        ({"recipes": {"relu": BRIEF}}, "has recipes for arms that it has not: relu"),
        ({"recipes": {"linear": BRIEF, "relu6": recipe("bccd")}}, "compares test AP at 0.50 with test accuracy"),
    ],
)
def test_what_cannot_be_compared_is_a_problem(fields, message):
    with pytest.raises(Problem, match=message):
        study(**fields)


def test_arms_come_to_the_cost_of_the_first():
    wide = {"brief": preset("brief"), "wide": preset("brief", expansion=3, rounding=1)}
    found = at_equal(study(arms=wide), "madds")
    costs = [count(unroll(variant)).madds for variant in found.arms.values()]
    assert costs[1] == pytest.approx(costs[0], rel=0.02)
    assert found.name == "made-equal-madds"
    assert found.command == "mnv2 study run made --at-equal madds"
    with pytest.raises(Problem, match="unknown quantity 'watts'"):
        at_equal(study(arms=wide), "watts")


def test_fresh_seeds_are_as_many_and_named_in_the_files():
    assert study(seeds=(0, 1, 2)).seeds_from(100) == (100, 101, 102)
    assert fresh(100) == "-seeds-100"


def test_arms_are_crossed_with_budgets():
    found = study(**crossed(ARMS, BUDGETS, "epochs"))
    assert found.names == ("linear, epochs 3", "linear, epochs 1", "relu6, epochs 3", "relu6, epochs 1")
    assert found.lines == {arm: [f"{arm}, epochs 1", f"{arm}, epochs 3"] for arm in ARMS}
    assert found.beside == [(f"relu6, epochs {n}", f"linear, epochs {n}") for n in (1, 3)]
    assert [found.place(name, BRIEF) for name in found.names] == [3, 1, 3, 1]
    assert found.recipe_of("relu6, epochs 3", BRIEF) == BUDGETS[0]
    assert found.varied == "epochs"


def test_an_arm_without_a_recipe_of_its_own_takes_the_common_one():
    found = study(recipes={"relu6": BUDGETS[0]})
    assert found.recipe_of("linear", BRIEF) == BRIEF
    assert found.recipe_of("relu6", BRIEF) == BUDGETS[0]
    assert (study().varied, study().place("linear", BRIEF)) == ("", None)
