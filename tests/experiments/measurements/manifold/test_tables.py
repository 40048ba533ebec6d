"""The tables of the theory say in words what its checks found."""

from dataclasses import replace
from fractions import Fraction
from types import SimpleNamespace

import pytest

from analysis.manifold.theory import TheoryVerdict
from analysis.manifold.theory.collapse import Cell
from analysis.manifold.theory.statements.bound import chain
from experiments.measurements.manifold import tables

CELL = Cell("one_direction", 2, 4, 30, 100, 0.3, 0.2, 0.4, Fraction(5, 16))


@pytest.mark.parametrize(("low", "word"), [(0.2, "yes"), (0.35, "no")])
def test_a_cell_agrees_where_the_closed_form_lies_in_its_interval(low, word):
    checks = SimpleNamespace(cells=[CELL._replace(low=low)], orthogonal=[], one_direction=[])
    (row,) = tables.collapse_table(checks).rows
    assert row[:5] == ("one direction", 2, 4, "5/2^4", 0.3125)
    assert row[-1] == word


def test_a_link_holds_or_fails_at_the_expansion():
    (first, *_) = chain()
    both = [replace(first, last_at_expansion=holds) for holds in (True, False)]
    rows = tables.chain_table(SimpleNamespace(chain=both)).rows
    assert [row[6] for row in rows] == ["holds", "fails"]


def test_a_counterexample_is_json_and_may_be_missing():
    made = TheoryVerdict("c", "", "A", "statement", "holds", "because")
    rows = tables.verdict_table([made, replace(made, verdict="fails", counterexample={"n": 1})]).rows
    assert [row[-1] for row in rows] == ["", '{"n": 1}']
