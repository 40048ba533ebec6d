"""Every answer comes back from what is stored."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from pair import STUDY as PAIR

from analysis.arch import preset
from analysis.nn.fused.compiler import products
from analysis.tasks.detection.recipe import DetectionRecipe
from analysis.tasks.segmentation.recipe import SegmentationRecipe
from analysis.trials import Store
from experiments.answers.report import questions
from experiments.answers.restored import measured, shown
from experiments.commands import backends, study
from experiments.commands import report as report_command
from experiments.power import budgets, ranking, rates
from experiments.power import measured as measured_rules
from experiments.power.designs import STEMS


def test_the_report_brings_every_answer_back_byte_for_byte(kernels, options, monkeypatch, capsys):
    monkeypatch.setattr("experiments.answers.report.STUDIES", {"pair": "pair"})
    study.run("pair", options)
    study.run("pair", replace(options, fresh_seeds=100))
    shared = {name: getattr(options, name) for name in ("results", "data_dir", "jobs")}
    backends.main(backends.Options(**shared, recipe="tiny", seeds=(0, 1)))
    report_command.main(results=options.results, readme=options.results / "none.md")
    kinds = {"tables", "verdicts", "VERDICTS.md", "report.html"}
    files = {
        p: p.read_bytes()
        for p in options.results.rglob("*")
        if kinds & set(p.relative_to(options.results).parts) and p.is_file()
    }
    assert {p.stem for p in files} == {
        "pair-cifar10-tiny",
        "pair-cifar10-tiny-seeds-100",
        "audit",
        f"backends{'' if products() == 'float32' else '-' + products()}-cifar10-tiny",
        "VERDICTS",
        "report",
    }
    for path in files:
        path.unlink()
    report_command.main(results=options.results, readme=options.results / "none.md")
    assert {p: p.read_bytes() for p in files} == files
    assert "not tested" in capsys.readouterr().out


def test_a_study_that_shares_arms_only_is_not_asked_with_another_recipe(options, monkeypatch):
    monkeypatch.setattr("experiments.answers.report.STUDIES", {"pair": "pair", "trio": "trio"})
    trio = replace(PAIR, name="trio", arms={**PAIR.arms, "relu": preset("brief", projection="relu")})
    monkeypatch.setattr("experiments.answers.report.find_study", {"pair": PAIR, "trio": trio}.__getitem__)
    study.run("pair", options)
    records, _ = Store(options.results / "trials").records()
    asked = [(q.study.name, q.conditions.recipe.name) for q in questions(records) if any(arm.runs for arm in q.arms)]
    assert asked == [("pair", "tiny")]
    monkeypatch.setattr("experiments.answers.report.find_study", lambda name: replace(trio, recipe="tiny"))
    assert [q.study.name for q in questions(records) if any(arm.runs for arm in q.arms)] == ["trio", "trio"]


STORED = Path(__file__).parents[3] / "results"


MADE = {"tables", "verdicts"}
OTHERS = {module.STEM for module in (budgets, measured_rules, ranking, rates)}


@pytest.fixture(scope="module")
def asked():
    """Every question that the stored runs answer."""
    records, _ = Store(STORED / "trials").records()
    return list(questions(records))


def test_every_committed_table_and_verdict_is_one_that_the_report_writes(asked):
    stems = {"audit"} | {question.stem for question in asked}
    dense = (DetectionRecipe, SegmentationRecipe)
    stems |= {f"{q.stem}-parts" for q in asked if q.study.looks}
    stems |= {f"{q.stem}-classes" for q in asked if isinstance(q.conditions.recipe, dense)}
    found = shown(measured(STORED), STORED)
    others = {Path(name).stem for answers in found.values() for each in answers for name in each.files}
    verdicts = {Path(name).stem for path in (STORED / "computed").glob("*.json") for name in files(path)}
    committed = {path.stem for kind in MADE for path in (STORED / kind).rglob("*") if path.is_file()}
    assert committed - stems - others - verdicts - {*STEMS, *OTHERS} == set()
    assert len(committed & stems) > 10


def files(path):
    """What a computed answer wrote."""
    return json.loads(path.read_text())["files"]


def test_no_study_is_asked_with_fewer_epochs_than_its_own(asked):
    assert all(q.conditions.recipe.epochs >= q.study.training().epochs for q in asked)
    assert ("ten-epochs", "brief") not in {(q.study.name, q.conditions.recipe.name) for q in asked}
