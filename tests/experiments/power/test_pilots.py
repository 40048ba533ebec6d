"""Stored runs as pilots: one copy of the data, pooled spreads, what pairing buys."""

import math

import pytest
from planted_records import records

from experiments.power.pilots import pairing_table, runs_of, spread
from experiments.studies.registry import find_study


def test_pilots_are_the_runs_of_one_copy_of_the_data():
    stored = [*records("headline"), *records("headline", spread_of=9, seeds=2, digest="other")]
    runs = runs_of(find_study("headline"), stored)
    assert {name: len(arm) for name, arm in runs.items()} == dict.fromkeys(find_study("headline").arms, 5)
    assert spread(runs) == pytest.approx(1.0, abs=0.5)
    assert len(runs_of(find_study("headline"), stored, digest="other")["linear"]) == 2
    assert math.isnan(spread({"a": {0: 1.0}}))


def test_pairing_is_tabulated_where_enough_arms_ran_the_same_seeds():
    assert len(pairing_table(records("headline")).rows) == 1
    assert pairing_table(records("headline"), least=5).rows == []
    assert pairing_table(records("headline"), seeds=range(9)).rows == []
