"""The paper's arithmetic in words: what follows is exact, what does not is explained."""

import pytest

from experiments.audit.claims import (
    architecture,
    block_formula,
    family_range,
    figure7,
    freedom,
    separable_convolutions,
    split,
    table1,
)


@pytest.mark.parametrize("part", [table1, split, freedom])
def test_what_is_right_is_called_right(part):
    assert {row.verdict for row in part()} == {"exact"}


@pytest.mark.parametrize(
    ("part", "key", "explanation"),
    [
        (separable_convolutions, "separable-saving-low", "at least 72 output channels"),
        (block_formula, "block-madds-stride2-t=6", "the block has h/s x w/s there"),
        (block_formula, "block-madds-stride1-t=1", "an expansion convolution counted that the block has not"),
        (family_range, "family-range-least-madds", "width 1 times 0.35 squared"),
    ],
)
def test_known_differences_are_found_and_explained(part, key, explanation):
    row = {row.id: row for row in part()}[key]
    assert row.verdict == "differs"
    assert explanation in row.explanation


def test_the_formula_of_a_block_holds_where_the_block_has_all_three_parts():
    assert next(row for row in block_formula() if row.id == "block-madds-stride1-t=6").verdict == "exact"


def test_bottlenecks_are_counted_by_their_kind():
    row = next(row for row in architecture() if row.id == "architecture-rows")
    assert (row.printed, row.computed) == (19, 17)
    assert row.fits == ("bottlenecks, first and last convolution",)


def test_a_third_layer_of_figure_7_lies_below_the_threshold():
    (row,) = figure7()
    assert (row.printed, row.computed, row.verdict) == (2, 3, "differs")


def test_a_bottleneck_leaves_one_number_more_open():
    assert [row.computed for row in freedom()] == [1, 1, 2]
