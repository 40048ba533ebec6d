"""`mnv2 gradients` goes from weights to files, and from rows to the same files."""

import csv
import json

import pytest

from analysis.arch import preset
from analysis.data.cifar import load_dataset
from analysis.problem import Problem
from analysis.tasks.classification.recipe import Recipe
from analysis.tasks.recipes import RECIPES
from experiments.commands.gradients import main
from experiments.measurements.gradients import measure as gradients
from experiments.measurements.gradients import rows


def test_the_command_trains_measures_and_writes_again_from_the_rows(tmp_path, monkeypatch):
    monkeypatch.setattr(gradients, "SEEDS", (0, 1))
    monkeypatch.setattr("experiments.answers.answer.write_figure", lambda *_: [])  # drawn in test_figures.py
    tiny = {"rows": ((None, 8, 3, 2),), "last": 16, "resolution": 8, "stem": 8}
    arms = {arm: preset("brief", shortcut=arm, **tiny) for arm in rows.ARMS}
    monkeypatch.setattr(gradients, "ARMS", arms)
    monkeypatch.setattr("experiments.sweeps.data.load", lambda name, folder: load_dataset(name, train=90, test=20))
    monkeypatch.setitem(RECIPES, "brief", Recipe(batch=4, validation=50))
    folder = tmp_path / "checkpoints"
    main(folder, dataset="synthetic", backend="eager", results=tmp_path)
    weights = {path: path.stat().st_mtime_ns for path in folder.iterdir()}
    assert len(weights) == 3 * 2 * len(rows.SHARES)
    (verdict,) = json.loads((tmp_path / "verdicts" / "gradients-synthetic.json").read_text())
    assert verdict["id"] == "shortcuts-carry-gradients" and verdict["n"] == 2

    with (tmp_path / "gradients-synthetic" / "passed.csv").open() as file:
        found = list(csv.DictReader(file))
    assert {(row["arm"], row["site"]) for row in found} == {
        ("bottleneck", rows.BETWEEN),
        ("expansion", rows.WITHIN),
        ("none", rows.BETWEEN),
        ("none", rows.WITHIN),
    }
    whole = [row for row in found if (row["arm"], row["site"], row["span"]) == ("none", rows.BETWEEN, rows.REST)]
    assert len(whole) == 2 * 2 * 2 * len(rows.SHARES)  # blocks before the last, images, seeds
    assert {row["block"] for row in found if row["span"] == rows.BLOCK} == {"bottleneck2", "bottleneck3"}

    made = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    main(folder, measure=False, dataset="synthetic", results=tmp_path)
    assert {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()} == made
    main(folder, dataset="synthetic", backend="eager", results=tmp_path)  # trains nothing again
    assert {path: path.stat().st_mtime_ns for path in folder.iterdir()} == weights
    assert {path: path.read_bytes() for path in (tmp_path / "gradients-synthetic").iterdir()} == {
        path: content for path, content in made.items() if path.parent.name == "gradients-synthetic"
    }


def test_without_rows_it_says_to_measure(tmp_path):
    with pytest.raises(Problem, match="measure first"):
        main(measure=False, results=tmp_path)


def test_rows_without_their_conditions_are_refused(tmp_path):
    (tmp_path / "gradients").mkdir()
    (tmp_path / "gradients" / "passed.csv").write_text(",".join(rows.Passed._fields) + "\n")
    (tmp_path / "gradients" / "gradients.csv").write_text(",".join(rows.Gradient._fields) + "\n")
    (tmp_path / "gradients" / "conditions.json").write_text("{}")
    with pytest.raises(Problem, match="does not say on what"):
        main(measure=False, results=tmp_path)
