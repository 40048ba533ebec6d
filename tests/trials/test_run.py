"""One trial on data at hand: its record, whatever becomes of it, and what it says of the machine."""

import traceback
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest
import torch
from tiny_trials import SMALL, comparable

from analysis.data.cifar import load_dataset
from analysis.problem import Problem
from analysis.tasks.classification.recipe import Recipe
from analysis.tasks.task import fit
from analysis.training.checkpoint import Checkpoint
from analysis.trials import Trial
from analysis.trials.record import parse_record
from analysis.trials.run import run_on, scrubbed

TINY = Recipe(name="tiny", epochs=2, batch=16, validation=40)


@pytest.fixture(scope="module")
def data():
    return load_dataset("synthetic", train=120, test=40)


def trial_on(data, recipe=TINY, variant=SMALL):
    return Trial(variant.text, recipe.text, data.name, data.digest, 3)


def test_a_record_says_how_it_was_made_and_reads_back(data):
    kept = []
    record = run_on(data, trial_on(data), note="made by a test", keep=kept.append)
    assert parse_record(record.to_json()).to_json() == record.to_json()
    assert (record.status, record.error, record.note) == ("finished", "", "SYNTHETIC; made by a test")
    facts = record.provenance
    assert (facts["backend"], facts["threads"], facts["torch"]) == ("eager", 1, torch.__version__)
    assert facts["command"] == f"mnv2 trial rerun {record.trial.id}"
    assert facts["seconds"] > sum(epoch["seconds"] for epoch in record.result["epochs"]) > 0
    assert "resumed" not in facts
    assert sum(p.numel() for p in kept[0].parameters()) > 0


def test_the_same_trial_is_the_same_record(data):
    first, again = (run_on(data, trial_on(data)) for _ in range(2))
    assert comparable(first) == comparable(again)


def test_a_continued_trial_says_so_and_is_the_same(data, tmp_path, monkeypatch):
    whole = run_on(data, trial_on(data))
    checkpoint = Checkpoint(tmp_path / "a.safetensors", "a", every=0)

    def stop(step, planned):
        if step == 7:
            raise KeyboardInterrupt

    monkeypatch.setattr("analysis.trials.run.fit", partial(fit, progress=stop))
    with pytest.raises(KeyboardInterrupt):
        run_on(data, trial_on(data), checkpoint=checkpoint)
    monkeypatch.undo()
    again = run_on(data, trial_on(data), checkpoint=checkpoint)
    assert comparable(again) == comparable(whole)
    (resumed,) = again.provenance["resumed"]
    assert (resumed["steps"], resumed["threads"]) == (7, 1)


def test_an_error_of_the_program_is_a_failed_record_without_folders(data, tmp_path, monkeypatch):
    def fail(*arguments, **options):
        raise RuntimeError(f"cannot read {tmp_path}/x.bin")

    monkeypatch.setattr("analysis.trials.run.fit", fail)
    record = run_on(data, trial_on(data), keep=lambda network: pytest.fail("a failed trial has no network"))
    assert (record.status, record.result, record.score) == ("failed", {}, None)
    assert record.error.endswith("RuntimeError: cannot read x.bin\n")
    assert "analysis/trials/run.py" in record.error
    assert str(tmp_path) not in record.error
    assert record.provenance["seconds"] > 0


def test_a_problem_is_not_a_record(data):
    with pytest.raises(Problem, match="do not fill one batch of 128"):
        run_on(data, trial_on(data, replace(TINY, batch=128)))


def test_a_diverged_training_is_a_record_without_a_score(data):
    variant = replace(SMALL, activation="relu", projection="relu")
    wild = replace(TINY, peak_rate=1e30, warmup=0.0)
    record = run_on(data, trial_on(data, wild, variant), keep=lambda network: pytest.fail("it did not finish"))
    assert (record.status, record.score, record.result["test_images"]) == ("diverged", None, None)
    assert parse_record(record.to_json()) == record


def test_tracebacks_lose_the_folders_of_the_machine():
    try:
        raise ValueError("inside")
    except ValueError:
        text = scrubbed(traceback.format_exc())
    assert "tests/trials/test_run.py" in text
    assert str(Path.cwd()) not in text


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("No such file: '/home/ada/cifar 10/test_batch'", "No such file: 'cifar 10/test_batch'"),
        ("~/data/x.bin and https://example.org/a/b", "x.bin and https://example.org/a/b"),
        ("3 / 4 of 1/2, analysis/trials/run.py", "3 / 4 of 1/2, analysis/trials/run.py"),
    ],
)
def test_other_paths_are_cut_to_their_last_part(text, left):
    assert scrubbed(text) == left
