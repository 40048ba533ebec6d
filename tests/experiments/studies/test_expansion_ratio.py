"""Every factor meets every width, and the arms at equal cost cost what their budgets allow."""

import pytest

from analysis.arch import unroll
from analysis.cost import count
from experiments.studies.expansion_ratio import AT_COST, EQUAL, FACTORS, GRID, STUDY, WIDTHS, arm, network


def test_each_factor_meets_each_width_once_and_the_paper_comes_first():
    assert len(GRID) == len(FACTORS) * len(WIDTHS) and len(AT_COST) == len(EQUAL) * len(WIDTHS)
    assert next(iter(STUDY.arms)) == "t = 6, width 1"
    assert STUDY.arms["t = 0.25, width 1.5"] == network(1.5, 0.25)


def test_only_width_1_has_the_roundings_of_the_paper():
    assert {variant.rounding for name, variant in GRID.items() if name.endswith("width 1")} == {8}
    assert {variant.rounding for name, variant in GRID.items() if not name.endswith("width 1")} == {1}


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("factor", EQUAL)
def test_arms_at_equal_cost_are_within_five_percent_of_their_budget(width, factor):
    budget = count(unroll(GRID[arm(width, 6)])).madds
    assert count(unroll(AT_COST[arm(width, factor, equal=True)])).madds == pytest.approx(budget, rel=0.05)


def test_every_line_of_the_figure_has_a_point_for_each_width():
    assert all(len(line) == len(WIDTHS) for line in STUDY.lines.values())
