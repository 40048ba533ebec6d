"""Schedules of a network: their peaks, and the least over orders of execution."""

import pytest

from analysis.arch import preset, unroll
from analysis.cost.memory import memory
from analysis.problem import Problem
from experiments.measurements.memory.measure import Arguments, measure


def test_every_schedule_has_its_peak_and_training_no_best_order():
    found = measure(Arguments(preset("brief").text, bits=16, ways=(2, 3), batch=2))
    names = [(row["schedule"], row["ways"]) for row in found.rows]
    assert names == [("eager", None), ("folded", None), ("split", 2), ("split", 3), ("block", None), ("training", None)]
    peaks = {row["schedule"]: row["peak"] for row in found.rows}
    assert peaks["folded"] == memory(unroll(preset("brief")), "folded", 16, 1, 2).peak.bytes
    assert [row["schedule"] for row in found.rows if row["least"] is None] == ["training"]


def test_a_network_without_inner_tensors_is_not_split():
    found = measure(Arguments("mobilenet_v1(resolution=32)"))
    assert "split" not in {row["schedule"] for row in found.rows}


def test_a_text_that_names_no_network_is_refused():
    with pytest.raises(Problem):
        measure(Arguments("no_such_network()"))
