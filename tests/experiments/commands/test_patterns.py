"""`mnv2 patterns` goes from weights to files."""

import json

import pytest

from analysis.arch import preset
from analysis.data.cifar import load_dataset
from analysis.problem import Problem
from analysis.tasks.classification.recipe import Recipe
from analysis.tasks.recipes import RECIPES
from experiments.commands.patterns import main
from experiments.measurements.patterns import measure as patterns


def test_the_command_trains_measures_and_writes_again_from_the_rows(tmp_path, monkeypatch):
    monkeypatch.setattr(patterns, "SEEDS", (0, 1))
    tiny = {"rows": ((None, 8, 2, 2),), "last": 16}
    arms = {"baseline": {}, "relu6 bottleneck": {"projection": "relu6"}, "no shortcut": {"shortcut": "none"}}
    monkeypatch.setattr(patterns, "ARMS", {name: preset("brief", **tiny, **axes) for name, axes in arms.items()})
    monkeypatch.setattr("experiments.sweeps.data.load", lambda name, folder: load_dataset(name, train=90, test=20))
    monkeypatch.setitem(RECIPES, "brief", Recipe(batch=20, validation=50))
    folder = tmp_path / "checkpoints"
    main(folder, dataset="synthetic", backend="eager", results=tmp_path)
    weights = {path: path.stat().st_mtime_ns for path in folder.iterdir()}
    assert len(weights) == 3 * 2 * 2
    verdict = json.loads((tmp_path / "verdicts" / "patterns-synthetic.json").read_text())
    registered = ["figure7-initial", "figure7-trained", "low-dimensional-manifold"]
    assert [row["id"] for row in verdict] == [*registered, "figure7-initial", "low-dimensional-manifold"]

    made = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    main(folder, measure=False, dataset="synthetic", results=tmp_path)
    assert {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()} == made
    monkeypatch.setattr("experiments.answers.answer.write_figure", lambda *_: [])  # drawing is slow
    main(folder, dataset="synthetic", backend="eager", results=tmp_path)  # trains nothing again
    assert {path: path.stat().st_mtime_ns for path in folder.iterdir()} == weights
    assert {path: path.read_bytes() for path in (tmp_path / "patterns-synthetic").iterdir()} == {
        path: content for path, content in made.items() if path.parent.name == "patterns-synthetic"
    }


def test_without_rows_it_says_to_measure(tmp_path):
    with pytest.raises(Problem, match="measure first"):
        main(measure=False, results=tmp_path)
