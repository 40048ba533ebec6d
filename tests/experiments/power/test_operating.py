"""Operating characteristics of registered and proposed rules, on small tables."""

import csv
from pathlib import Path

import numpy as np
import pytest
from planted_records import records

from experiments.answers.looks import reads_of
from experiments.claims.ablations import INTERESTS
from experiments.claims.proposals import PROPOSALS, between
from experiments.power.operating import LEAST_RIGHT, MOST_WRONG, Shares, _combined, fit, looks_table, rules_table
from experiments.power.pilots import runs_of
from experiments.power.truths import INTEREST, NONE, PUBLISHED
from experiments.studies.registry import find_study

SMALL_COUNT = 200


def test_a_claim_of_some_parts_needs_one_of_them():
    found = np.array([[1, 0, -1], [1, 1, 1], [-1, -1, -1], [0, 0, -1]])
    assert _combined(found, "every") == Shares(25.0, 75.0, 0.0)
    assert _combined(found, "some") == Shares(50.0, 25.0, 25.0)


def test_losses_are_read_within_a_run():
    runs = runs_of(find_study("low-precision"), records("low-precision"))
    read = between(runs, reads_of(find_study("low-precision")))
    for seed, value in read["ReLU, lost at 4 bits"].items():
        assert value == pytest.approx(runs["ReLU, float"][seed] - runs["ReLU, 4 bits"][seed])


def test_registered_rules_have_a_row_for_each_claim_and_truth():
    wide = records("last-layer-width", spread_of=1.3)
    stored = [*wide, *(record for name in ("headline", "low-precision") for record in records(name))]
    rows = rules_table(stored, 60).rows
    truths = {(claim, study): [] for claim, study, *_ in rows}
    for claim, study, _, seeds, sd, truth, *shares in rows:
        truths[claim, study].append(truth)
        assert sum(shares[:3]) == pytest.approx(100)
        assert seeds == 5
        assert 0.5 < sd < 4
    assert ("linear-bottleneck", "headline") not in truths  # its seeds come in looks
    assert truths["last-layer-width", "last-layer-width"] == [NONE, INTEREST, "2 points at each width"]
    never = [row for row in rows if row[0] == "last-layer-width" and row[5] == "2 points at each width"]
    assert never[0][6] < 30


def test_registered_rules_that_are_judged_in_looks_have_the_published_truth_too(monkeypatch):
    monkeypatch.setattr("experiments.power.operating.PROPOSALS", [])
    rows = [row for row in looks_table(records("headline"), 60).rows if row[1] == "headline"]
    assert [row[5] for row in rows if row[0] == "linear-bottleneck"] == [NONE, INTEREST, PUBLISHED]
    assert {row[0] for row in rows} == {"linear-bottleneck", "shortcut-placement"}


def test_rules_of_a_budget_are_tested_with_the_spread_expected_there(monkeypatch):
    monkeypatch.setattr("experiments.power.operating.PROPOSALS", [])
    rows = [row for row in looks_table(records("headline"), 60).rows if row[1] == "budget-30"]
    assert {row[3] for row in rows} == {5}
    assert {row[0] for row in rows if row[5] == PUBLISHED} == {"linear-bottleneck", "shortcut-placement"}
    assert {"linear - t = 3, cost of width 1", "matched shortcut - expansion shortcut"} <= {row[0] for row in rows}


def test_the_committed_rules_of_the_budgets_keep_their_promise():
    table = Path(__file__).parents[3] / "results" / "tables" / "power-looks.csv"
    with table.open(newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["study"] in INTERESTS]
    assert {row["study"] for row in rows} == set(INTERESTS)
    assert max(float(row["wrong %"]) for row in rows) <= MOST_WRONG
    assert min(float(row["supported %"]) for row in rows if row["truth"] == INTEREST) >= LEAST_RIGHT - 1


def test_proposed_rules_are_rarely_wrong_and_mostly_right(monkeypatch):
    names = ("last-layer-width", "capacity-expressiveness")
    monkeypatch.setattr("experiments.power.operating.PROPOSALS", [each for each in PROPOSALS if each.id in names])
    found = looks_table([record for name in names for record in records(name)], SMALL_COUNT)
    rows = [row for row in found.rows if row[0] in names]
    assert {row[0] for row in rows} == set(names)
    assert fit(rows) == dict.fromkeys(names, True)
    assert all(3 <= row[10] <= 40 for row in rows)
    assert fit([("x", "", "", 40, 1.0, NONE, 9.0, 0.0, 0.0, 9.0)]) == {"x": False}
    assert fit([("x", "", "", 40, 1.0, INTEREST, 70.0, 0.0, 0.0, 0.0)]) == {"x": False}
