"""Differences that are equal over a few seeds decide nothing, in the answer of a study and on the scoreboard."""

import json
import sys

import pytest

from analysis.trials import Record, Store, Trial
from experiments import cli
from experiments.claims.scoreboard import scoreboard
from experiments.studies.registry import find_study


def run(monkeypatch, *arguments):
    monkeypatch.setattr(sys, "argv", ["mnv2", *map(str, arguments)])
    cli.main()


@pytest.mark.parametrize("name", ["linear-bottleneck", "shortcut-placement", "last-layer-width"])
@pytest.mark.parametrize("seeds", [2, 3])
@pytest.mark.parametrize("gap", [250, -250, 0])  # images of 10,000 between one arm and the next
@pytest.mark.parametrize("same", [True, False])  # whether seeds are alike too, or differ while the arms keep step
def test_the_study_and_the_scoreboard_say_undecided(tmp_path, monkeypatch, capsys, name, seeds, gap, same):
    study, store = find_study(name), Store(tmp_path / "trials")
    for place, variant in enumerate(study.arms.values()):
        for seed in range(seeds):
            trial = Trial(variant.text, study.training().text, study.dataset, "d", seed)
            counts = {"test_correct": 5000 + gap * place + (0 if same else 37 * seed), "test_images": 10_000}
            store.write(Record(trial, "finished", counts))
    run(monkeypatch, "study", "show", name, "--results", tmp_path)
    said = capsys.readouterr().out
    (path,) = (tmp_path / "verdicts").glob("*.json")
    found = {verdict["id"]: verdict for verdict in json.loads(path.read_text())}
    assert found and {verdict["verdict"] for verdict in found.values()} == {"undecided"}
    assert all(f"{claim}: undecided" in said.lower() for claim in found)
    rows = {row["id"]: row for row in scoreboard(tmp_path)}
    assert {rows[claim]["verdict"] for claim in found} == {"undecided"}
    assert any("which says nothing about spread" in verdict["why"] for verdict in found.values())
