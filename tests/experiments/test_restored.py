"""Deleting every table, figure and verdict loses nothing: `mnv2 report` brings the same bytes back."""

import json
import shutil
from pathlib import Path

import pytest

from analysis.problem import Problem
from analysis.tasks.detection.recipe import DetectionRecipe
from analysis.tasks.segmentation.recipe import SegmentationRecipe
from analysis.trials import Store
from experiments.answers.report import questions
from experiments.answers.restored import restored
from experiments.commands import memory
from experiments.commands import report as command
from experiments.commands.options import Network

STORED = Path(__file__).parents[2] / "results"
MADE = {"tables", "verdicts"}


@pytest.fixture
def figureless(monkeypatch):
    """Drawn figures are not written: they take most of the time, and their bytes are not promised."""
    for module in ("analysis.render.style", "experiments.measurements.patterns.view"):
        monkeypatch.setattr(f"{module}.write_figure", lambda *arguments: [])


def test_what_was_measured_and_computed_comes_back_byte_for_byte(tmp_path, figureless):
    for name in ("latency.json", "splitting.json", "patterns", "computed/memory-imagenet.json"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (shutil.copytree if (STORED / name).is_dir() else shutil.copy)(STORED / name, tmp_path / name)
    list(restored(tmp_path))
    made = {p.relative_to(tmp_path) for kind in MADE for p in (tmp_path / kind).rglob("*") if p.is_file()}
    assert {path.stem for path in made if path.parent.name == "verdicts"} == {"latency", "splitting", "patterns"}
    assert {"latency-pairs", "splitting", "patterns-recovery", "memory-imagenet"} <= {path.stem for path in made}
    assert [path for path in made if (tmp_path / path).read_bytes() != (STORED / path).read_bytes()] == []


def test_a_computed_answer_is_computed_again_only_where_a_file_is_gone(tmp_path, figureless, monkeypatch):
    memory.main(Network(preset="brief"), results=tmp_path)
    table = tmp_path / "tables" / "memory-brief.csv"
    before = table.read_bytes()
    table.unlink()
    assert table in list(restored(tmp_path))
    assert table.read_bytes() == before
    monkeypatch.setattr("experiments.cli.run_command", lambda arguments: pytest.fail("computed again"))
    assert table in list(restored(tmp_path))


def test_every_committed_table_and_verdict_is_one_that_the_report_writes():
    records, _ = Store(STORED / "trials").records()
    asked = {f"{q.study.name}-{q.dataset}-{q.recipe.name}{q.suffix}" for q in questions(records)}
    dense = [q for q in questions(records) if isinstance(q.recipe, DetectionRecipe | SegmentationRecipe)]
    asked |= {f"{q.study.name}-{q.dataset}-{q.recipe.name}{q.suffix}-classes" for q in dense}
    names = {record.trial.dataset for record in records}
    asked |= {f"backends-{products}{name}-brief" for products in ("", "bfloat16-") for name in names}
    stored = [json.loads(path.read_text()) for path in (STORED / "computed").glob("*.json")]
    asked |= {Path(name).stem for each in stored for name in each["files"]}
    measured = ("audit", "latency", "splitting", "patterns")
    committed = {path.stem for kind in MADE for path in (STORED / kind).rglob("*") if path.is_file()}
    assert {stem for stem in committed - asked if not stem.startswith(measured)} == set()
    assert len(committed & asked) > 10


def test_no_study_is_asked_with_fewer_epochs_than_its_own():
    records, _ = Store(STORED / "trials").records()
    asked = list(questions(records))
    assert all(q.recipe.epochs >= q.study.training().epochs for q in asked)
    assert ("ten-epochs", "brief") not in {(q.study.name, q.recipe.name) for q in asked}


def test_a_damaged_measurement_is_named(tmp_path):
    (tmp_path / "latency.json").write_text("{")
    with pytest.raises(Problem, match=r"latency\.json is damaged .*: delete it, or make it again"):
        command.main(results=tmp_path, readme=tmp_path / "none.md")
