"""Differences that are equal over seeds decide nothing, in the answer of a study and on the scoreboard."""

import csv
import json
import sys

import pytest

from analysis.trials import Record, Store, Trial
from experiments import cli
from experiments.claims.scoreboard import scoreboard
from experiments.studies.registry import find_study


@pytest.mark.parametrize("seeds", [2, 5])
@pytest.mark.parametrize(("name", "gap", "step"), [("linear-bottleneck", -250, 0), ("shortcut-placement", 250, 37)])
def test_the_study_and_the_scoreboard_say_undecided(tmp_path, monkeypatch, capsys, name, seeds, gap, step):
    """`gap`: images of 10,000 between one arm and the next. `step`: between seeds, while the arms keep step."""
    study, store = find_study(name), Store(tmp_path / "trials")
    for place, variant in enumerate(study.arms.values()):
        for seed in range(seeds):
            trial = Trial(variant.text, study.training().text, study.dataset, "d", seed)
            counts = {"test_correct": 7000 + gap * place + step * seed, "test_images": 10_000}
            store.write(Record(trial, "finished", counts))
    monkeypatch.setattr(sys, "argv", ["mnv2", "study", "show", name, "--results", str(tmp_path)])
    cli.main()
    said = capsys.readouterr().out
    assert "p = 0" not in said and "equal over seeds have no interval and no p" in said
    (path,) = (tmp_path / "verdicts").glob("*.json")
    found = {verdict["id"]: verdict for verdict in json.loads(path.read_text())}
    assert bool(found) == (seeds == len(study.seeds))  # fewer are not judged at all
    assert {verdict["verdict"] for verdict in found.values()} <= {"undecided"}
    assert all("says nothing about spread" in verdict["why"] for verdict in found.values())
    rows = list(csv.DictReader(next((tmp_path / "tables").glob("*.csv")).open()))
    assert all(row["p"] == row["detectable"] == "" for row in rows)
    board = {row["id"]: row["verdict"] for row in scoreboard(tmp_path)}
    assert {board[claim] for claim in found or ("linear-bottleneck",)} == {"unresolved" if found else "not tested"}
