"""Means over seeds, blocks in order, and the tables that they make."""

import math

import pytest

from analysis.manifold.trained.rows import Dimension, Positive, Recovery
from analysis.reference import table as published
from experiments.measurements.patterns import tables


def positive(seed, stage="trained", block="b1", mean=24.0, least=6, shortcut=False):
    return Positive("baseline", seed, stage, block, shortcut, 8, 48, 10, least, 7, mean, 40, 2.0, 0.0, 0.0)


def dimension(seed, tensor="input", twonn=4.0, stage="trained"):
    return Dimension("baseline", seed, stage, "b1", tensor, 8, 8, 5.0, 4, twonn, seed)


BOTH = [positive(seed, stage) for stage in tables.STAGES for seed in (0, 1)]


@pytest.mark.parametrize(("values", "text"), [([], ""), ([0.5], "0.50"), ([1.0, 1.0], "1.00 [1.00, 1.00]")])
def test_a_mean_has_an_interval_where_there_are_several(values, text):
    assert tables.interval(values) == text


def test_seeds_without_a_value_are_left_out():
    rows = [dimension(0, twonn=math.nan), dimension(1, twonn=3.0)]
    assert tables.over_seeds(rows, tables.mean_of(lambda row: row.twonn)) == [3.0]


def test_layers_below_the_threshold_are_counted_by_seed():
    table = tables.layers_table([*BOTH[:-1], positive(1, least=9)], "baseline", "here")
    assert [row[-3] for row in table.rows] == ["2 of 2", "1 of 2"]
    arms = tables.arms_table(BOTH, "here")
    assert [row[:4] for row in arms.rows] == [("baseline", stage, 1, 1) for stage in tables.STAGES]


def test_dimensions_are_averaged_over_blocks_and_recovery_by_stage():
    rows = [dimension(seed, stage=stage) for stage in tables.STAGES for seed in (0, 1)]
    table = tables.dimension_table(rows, "here")
    assert table.rows[0][:5] == ("baseline", "initial", "input", "8.0", "8.0 [8.0, 8.0]")
    assert table.rows[0][7] == "0.50 [0.50, 0.50]"
    lost = [Recovery("baseline", seed, stage, "b1", 8, 48, 0.5, 0.75) for stage in tables.STAGES for seed in (0, 1)]
    assert tables.recovery_table(lost, "here").rows[0][:4] == ("baseline", "6", "initial", "0.500 [0.500, 0.500]")


def test_before_and_after_an_activation_are_columns():
    tensors = ("project.norm", "project.activation")
    rows = [dimension(seed, tensor, stage=stage) for stage in tables.STAGES for tensor in tensors for seed in (0, 1)]
    table = tables.bottleneck_table(rows, "baseline", "here")
    assert len(table.rows) == 2
    assert table.rows[0][:3] == ("initial", "b1", 8)


def test_three_published_layers_fall_below():
    table = tables.published_table(published("figure7_activation_patterns"))
    assert "3 of" in table.notes[0] and "3 of them without a shortcut" in table.notes[0]
