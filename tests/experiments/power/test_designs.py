"""Designs compared on the same simulated studies, and the tables that are written."""

import csv

from planted_records import records

from experiments.power.designs import DESIGNS, TRUTHS, designs_table, write
from experiments.power.simulated import NOISES

SMALL_COUNT = 200


def test_designs_are_compared_on_the_same_studies(monkeypatch):
    monkeypatch.setattr("experiments.power.designs.TRUTHS", {name: TRUTHS[name] for name in ("no effect",)})
    found = designs_table(SMALL_COUNT)
    assert {row[3] for row in found.rows} == set(DESIGNS)
    by = {(row[1], row[3]): dict(zip(found.columns, row, strict=True)) for row in found.rows}
    spending, later = by["normal", "looks, alpha spending"], by["normal", "any time"]
    assert spending["trials"] < later["trials"]
    for row in by.values():
        assert row["trials"] <= 160
        assert 0 <= row["wrong %"] <= 20


def test_tables_are_written_from_stored_trials(tmp_path, monkeypatch):
    monkeypatch.setattr("experiments.power.designs.TRUTHS", {"no effect": TRUTHS["no effect"]})
    monkeypatch.setattr("experiments.power.designs.NOISES", NOISES[:1])
    for record in records("last-layer-width"):
        path = tmp_path / "trials" / record.trial.path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(record.to_json())
    paths = write(tmp_path, 50)
    assert {path.stem for path in paths} == {"power-designs", "power-rules", "power-looks", "power-pairing"}
    with (tmp_path / "tables" / "power-pairing.csv").open() as lines:
        (row,) = csv.DictReader(lines)
    assert (row["arms"], row["epochs"]) == ("9", "1")
    assert abs(float(row["correlation"])) < 0.5
