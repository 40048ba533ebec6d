"""Deleting every table, figure and verdict loses nothing: `mnv2 report` brings the same bytes back."""

import shutil
from pathlib import Path

import pytest

from analysis.problem import Problem
from experiments.answers.restored import measured, restored, shown
from experiments.commands import report as command

STORED = Path(__file__).parents[3] / "results"
MADE = {"tables", "verdicts"}


@pytest.fixture
def figureless(monkeypatch):
    """Drawn figures are not written: they take most of the time, and their bytes are not promised."""
    monkeypatch.setattr("experiments.answers.answer.write_figure", lambda *arguments: [])


def test_what_was_measured_and_computed_comes_back_byte_for_byte(tmp_path, figureless):
    for name in ("latency.json", "splitting.json", "patterns", "computed/memory-imagenet.json"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (shutil.copytree if (STORED / name).is_dir() else shutil.copy)(STORED / name, tmp_path / name)
    list(restored(measured(tmp_path), tmp_path))
    made = {p.relative_to(tmp_path) for p in tmp_path.rglob("*") if p.is_file()}
    assert {path.stem for path in made if path.parent.name == "verdicts"} == {"latency", "splitting", "patterns"}
    assert {"latency-pairs", "splitting", "patterns-recovery", "memory-imagenet"} <= {path.stem for path in made}
    assert [path for path in made if (tmp_path / path).read_bytes() != (STORED / path).read_bytes()] == []


def test_every_measurement_is_shown_with_what_its_figures_mean():
    found = shown(measured(STORED), STORED)
    assert {name for name, answers in found.items() if answers} == {
        *(
            "latency",
            "splitting",
            "patterns",
            "gradients",
            "backends",
            "manifold",
            "memory",
            "effects",
            "price",
            "imagenet",
            "imagenet-operating",
        )
    }
    for answers in found.values():
        for answer in answers:
            assert all((STORED / name).is_file() for name in answer.files)
            assert all(drawing.alt for drawing in answer.figures.values())


def test_a_damaged_measurement_is_named(tmp_path):
    (tmp_path / "latency.json").write_text("{")
    with pytest.raises(Problem, match=r"latency\.json is damaged .*: delete it, or make it again"):
        command.main(results=tmp_path, readme=tmp_path / "none.md")
