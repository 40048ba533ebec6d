"""Rules across budgets under stated truths: wrong rarely, right where the effect is large enough."""

import csv
from pathlib import Path

from planted_records import records

from analysis.trials import Store
from experiments.power.budgets import OFF, RATIOS, SLOPES, budgets_table, write

TABLE = Path(__file__).parents[3] / "results" / "tables" / "power-budgets.csv"


def test_every_rule_meets_every_truth():
    rows = budgets_table(records("headline"), 20).rows
    assert len(rows) == len(SLOPES) * (1 + len(OFF)) + len(RATIOS)
    assert all(sum(row[2:5]) == 100 for row in rows)
    assert max(row[5] for row in rows) <= 15  # 5 % of 20 studies, and their sampling error


def test_the_committed_table_keeps_its_promise():
    with TABLE.open(newline="") as file:
        rows = {(row["rule"], row["truth"]): row for row in csv.DictReader(file)}
    assert max(float(row["wrong %"]) for row in rows.values()) <= 5
    for (rule, truth), row in rows.items():
        if (rule == "slope" and "no change" not in truth) or "as predicted" in truth or truth.endswith("ratio 1"):
            assert float(row["supported %"]) >= 79, (rule, truth)


def test_it_is_written_as_a_table(tmp_path):
    assert write(tmp_path, 2) == []  # no runs, no spread
    for record in records("headline"):
        Store(tmp_path / "trials").write(record)
    assert [path.name for path in write(tmp_path, 2)] == [f"power-budgets.{form}" for form in ("md", "csv", "tex")]
