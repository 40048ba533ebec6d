"""The rules for Figure 7 and for low dimension decide planted measurements; the command goes from weights to files."""

import json

import pytest

from analysis.arch import preset
from analysis.data.cifar import load_dataset
from analysis.manifold.trained.rows import Dimension, Positive
from analysis.problem import Problem
from analysis.tasks.classification.recipe import Recipe
from analysis.tasks.recipes import RECIPES
from experiments.commands.patterns import main
from experiments.measurements.patterns import measure as patterns
from experiments.measurements.patterns.rule import Part, finding, judged, verdicts


def positive(seed, stage, block="bottleneck1", mean=48.0, sd=5.0, least=20):
    return Positive("baseline", seed, stage, block, False, 16, 96, 1000, least, 30, mean, 60, sd, 0.0, 0.0)


def dimension(seed, tensor, components):
    return Dimension("baseline", seed, "trained", "bottleneck1", tensor, 96, 96, 5.0, components, 4.0, 0)


def board(before=5.0, after=9.0, mean=48.0, low=0, components=10):
    rows = []
    for seed in range(3):
        for i in range(max(1, low)):
            rows.append(positive(seed, "initial", f"bottleneck{i}", sd=before))
            rows.append(positive(seed, "trained", f"bottleneck{i}", mean + seed, after, least=12 if i < low else 20))
    tensors = ("expand.activation", "depthwise.activation")
    filled = [dimension(seed, tensor, components + seed) for seed in range(3) for tensor in tensors]
    return {v.claim: v.verdict for v in verdicts(rows, filled, "here")}


def test_what_the_paper_describes_is_supported():
    assert set(board().values()) == {"supported"}


@pytest.mark.parametrize(
    ("planted", "claim"),
    [
        ({"before": 30.0, "after": 40.0}, "figure7-initial"),
        ({"after": 2.0}, "figure7-trained"),
        ({"mean": 80.0}, "figure7-trained"),
        ({"low": 4}, "figure7-trained"),
        ({"components": 60}, "low-dimensional-manifold"),
    ],
)
def test_each_part_can_contradict_its_claim(planted, claim):
    found = board(**planted)
    assert found.pop(claim) == "contradicted"
    assert set(found.values()) == {"supported"}


def test_a_part_that_straddles_its_limit_is_undecided_and_says_what_is_needed():
    part = Part("share", (0.05, 0.09, 0.14), 0.1)
    assert finding(part, 0.05) == "undecided"
    verdict = judged("figure7-initial", (part, Part("other", (0.01, 0.02, 0.01), 0.1)), "here")
    assert (verdict.verdict, verdict.n) == ("undecided", 3)
    assert verdict.needs
    assert "ImageNet" in verdict.where
    assert verdict.low < 0.1 < verdict.high


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
    assert [row["id"] for row in verdict] == ["figure7-initial", "figure7-trained", "low-dimensional-manifold"]

    made = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    main(folder, measure=False, dataset="synthetic", results=tmp_path)
    assert {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()} == made
    monkeypatch.setattr("experiments.measurements.patterns.view.write", lambda *_: [])  # drawing is slow
    main(folder, dataset="synthetic", backend="eager", results=tmp_path)  # trains nothing again
    assert {path: path.stat().st_mtime_ns for path in folder.iterdir()} == weights
    assert {path: path.read_bytes() for path in (tmp_path / "patterns-synthetic").iterdir()} == {
        path: content for path, content in made.items() if path.parent.name == "patterns-synthetic"
    }


def test_without_rows_it_says_to_measure(tmp_path):
    with pytest.raises(Problem, match="measure first"):
        main(measure=False, results=tmp_path)
