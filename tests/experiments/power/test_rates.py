"""Rules of the study learning-rate under stated truths."""

import csv
from pathlib import Path

from planted_records import records

from analysis.trials import Store
from experiments.power.rates import NAMES, rates_table, write

TABLE = Path(__file__).parents[3] / "results" / "tables" / "power-rates.csv"


def test_every_truth_is_met_at_both_budgets():
    rows = rates_table(records("headline"), 40).rows
    assert [row[:2] for row in rows] == [(truth, epochs) for truth in NAMES for epochs in (1, 10)]
    assert all(sum(row[4:7]) == 100 for row in rows)
    assert max(row[7] for row in rows) <= 15  # 5 % of 40 studies, and their sampling error
    assert min(row[8] for row in rows) >= 90


def test_the_committed_table_keeps_its_promise():
    with TABLE.open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert max(float(row["any wrong %"]) for row in rows) <= 5
    right = {NAMES[1]: "holds %", NAMES[2]: "depends %"}
    assert min(float(row[right[row["truth"]]]) for row in rows if row["truth"] in right) >= 80


def test_it_is_written_as_a_table(tmp_path):
    assert write(tmp_path, 2) == []  # no runs, no spread
    for record in records("headline"):
        Store(tmp_path / "trials").write(record)
    assert [path.name for path in write(tmp_path, 2)] == [f"power-rates.{form}" for form in ("md", "csv", "tex")]
