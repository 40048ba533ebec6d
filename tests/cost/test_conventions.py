"""Counts under each tool's convention, explained item by item."""

import pytest

from analysis.arch import preset, unroll
from analysis.cost import (
    CONVENTIONS,
    count,
    items,
    printed,
)
from analysis.problem import Problem


@pytest.mark.parametrize("convention", CONVENTIONS)
def test_a_convention_starts_from_the_multiply_adds(convention):
    plan = unroll(preset("brief"))
    explained = items(plan, convention)
    assert explained[0] == ("multiply-adds", count(plan).madds)
    assert printed(plan, convention) == sum(item.count for item in explained)
    assert (len(explained) == 1) == (convention == "paper")


def test_an_unknown_convention_is_refused():
    with pytest.raises(Problem, match="did you mean 'fvcore'"):
        printed(unroll(preset("brief")), "fvcor")
