"""Copies for other viewers hold what the record holds, and are asked for by name."""

import dataclasses

import pytest
from fake_trials import run, trial

from analysis.problem import Problem
from experiments.sweeps.sinks import _history, copied

EPOCHS = [
    {"train_loss": 2.0, "validation_accuracy": 30.0, "seconds": 1.0},
    {"train_loss": 1.5, "validation_accuracy": None, "seconds": 1.0},
]
RECORD = dataclasses.replace(run(trial(1)), result=run(trial(1)).result | {"epochs": EPOCHS})


def silent(event, trial, record):
    """A reporter."""


def test_history_is_by_epoch_with_the_test_accuracy_at_the_end():
    assert _history(RECORD) == [EPOCHS[0], {"train_loss": 1.5, "seconds": 1.0, "test_accuracy": 10.1}]
    assert _history(dataclasses.replace(RECORD, status="failed", result={})) == []


def test_a_sink_that_is_not_installed(tmp_path, monkeypatch):
    monkeypatch.setattr("experiments.sweeps.sinks.find_spec", lambda name: None)
    with pytest.raises(Problem, match="--sinks wandb needs a package that is not installed: pip install wandb"):
        copied(silent, ["wandb"], tmp_path)
    assert copied(silent, [], tmp_path)


def test_tensorboard(tmp_path):
    pytest.importorskip("tensorboard", reason="needs the package tensorboard")
    from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

    report = copied(silent, ["tensorboard"], tmp_path)
    for event in ("recorded", "kept"):  # the second time it is there
        report(event, trial(1), RECORD)
    report("started", trial(2), None)
    (folder,) = (tmp_path / "tensorboard").iterdir()
    assert len(list(folder.iterdir())) == 1
    events = EventAccumulator(str(folder)).Reload()
    assert [scalar.value for scalar in events.Scalars("train_loss")] == [2.0, 1.5]
    assert [scalar.value for scalar in events.Scalars("test_accuracy")] == [pytest.approx(10.1)]


def test_wandb(tmp_path):
    pytest.importorskip("wandb", reason="needs the package wandb")
    report = copied(silent, ["wandb"], tmp_path)
    for event in ("recorded", "kept"):
        report(event, trial(1), RECORD)
    (run_file,) = tmp_path.glob(f"wandb/*/wandb/offline-run-*/run-{trial(1).id}.wandb")
    assert run_file.stat().st_size > 0
