"""A worker finds the data that a trial names, refuses another copy, and continues from the folder that it shares."""

from dataclasses import replace
from pathlib import Path

import pytest
from tiny_trials import cifar_trials, comparable, write_cifar

from analysis.problem import Problem
from analysis.training.checkpoint import Checkpoint
from analysis.training.device import CPU
from analysis.trials import worker
from analysis.trials.trial import checkpoint_path
from analysis.trials.worker import Way, check_digest, run_on_node, run_trial


@pytest.fixture
def cifar(tmp_path):
    return write_cifar(tmp_path / "cifar")


@pytest.fixture
def trial(cifar):
    return cifar_trials(cifar, epochs=2)[0]


@pytest.fixture
def ways(monkeypatch):
    """The ways in which trials are run, which then are not."""
    found = []
    monkeypatch.setattr(worker, "run_trial", lambda trial, way: found.append(way))
    return found


def test_a_trial_runs_on_the_data_that_it_names(cifar, trial, monkeypatch):
    record = run_trial(trial, Way(str(cifar)))
    assert (record.status, record.trial, record.note) == ("finished", trial, "partial: 40 + 8 images")
    monkeypatch.setenv("CIFAR10_DIR", str(cifar))
    assert comparable(run_trial(trial)) == comparable(record)


def test_another_copy_of_the_data_is_refused(cifar, trial):
    with pytest.raises(Problem, match="the cifar10 at hand has digest .*, the trial wants 000000000000: name the copy"):
        run_trial(replace(trial, digest="0" * 64), Way(str(cifar)))
    check_digest("cifar10", "d", "d")


def test_data_that_are_not_there_are_a_problem(trial, tmp_path):
    with pytest.raises(Problem, match="elsewhere does not exist"):
        run_trial(trial, Way(str(tmp_path / "elsewhere")))


def test_a_trial_has_its_checkpoint_in_the_folder_of_the_way(cifar, trial, tmp_path):
    way = Way(str(cifar), checkpoints=tmp_path / "checkpoints", every=7.0)
    first = run_trial(trial, way)
    path = checkpoint_path(tmp_path / "checkpoints", trial)
    assert path.is_file()  # of the last step; a sweep deletes it when the record is stored
    again = run_trial(trial, way)
    assert again.provenance["resumed"][0]["steps"] == first.result["steps"]
    assert comparable(again) == comparable(first)


def test_the_interval_and_the_backend_are_those_of_the_way(cifar, trial, tmp_path, monkeypatch):
    seen = []
    monkeypatch.setattr(worker, "run_on", lambda data, *given, **options: seen.append((given, options)))
    run_trial(trial, Way(str(cifar), "fused", 2, tmp_path, 7.0))
    run_trial(trial, Way(str(cifar)))
    (given, options), (plain, none) = seen
    assert given == (trial, "fused", 2)
    checkpoint = options["checkpoint"]
    assert isinstance(checkpoint, Checkpoint)
    assert (checkpoint.path.parent, checkpoint.identity, checkpoint.every) == (tmp_path, trial.id, 7.0)
    assert (plain, none) == ((trial, "eager", 1), {"checkpoint": None, "device": CPU})


def test_a_trial_runs_on_the_device_of_the_way_or_not_at_all(cifar, trial, monkeypatch):
    with pytest.raises(Problem, match="there is no device 'cuda:7' here; there are cpu"):
        run_trial(trial, Way(str(cifar), device="cuda:7"))
    record = run_trial(trial, Way(str(cifar), device="cpu"))
    assert (record.provenance["device"], record.provenance["device_type"]) == ("cpu", "cpu")


def test_workers_side_by_side_take_gpus_in_turn_and_their_share_of_the_memory(cifar, trial, monkeypatch):
    seen, shares = [], []
    monkeypatch.setattr(worker, "run_on", lambda *given, device, **options: seen.append(str(device)))
    monkeypatch.setattr("analysis.training.device.devices", lambda: ("cpu", "cuda:0", "cuda:1"))
    monkeypatch.setattr("torch.cuda.set_per_process_memory_fraction", lambda *given: shares.append(given))
    for place in range(3):
        monkeypatch.setattr(worker, "own_place", lambda place=place: place)
        run_trial(trial, Way(str(cifar), device="auto", share=0.25))
    run_trial(trial, Way(str(cifar), device="cuda:1"))
    assert seen == ["cuda:0", "cuda:1", "cuda:0", "cuda:1"]
    assert [(share, str(device)) for share, device in shares] == [(0.25, name) for name in seen[:3]]


def test_auto_is_the_cpu_for_a_task_that_runs_on_no_other_device(cifar, trial, monkeypatch):
    seen = []
    monkeypatch.setattr(worker, "run_on", lambda *given, device, **options: seen.append(str(device)))
    monkeypatch.setattr("analysis.training.device.devices", lambda: ("cpu", "cuda:0"))
    monkeypatch.setattr(worker, "takes_device", lambda task: False)
    run_trial(trial, Way(str(cifar), device="auto"))
    assert seen == ["cpu"]


def test_a_node_without_the_folders_finds_the_data_itself_and_keeps_no_checkpoint(trial, ways, tmp_path):
    results = tmp_path / "results"
    shared = results / "scratch" / "checkpoints"
    way = Way(str(tmp_path), checkpoints=shared)
    run_on_node(trial, way)
    results.mkdir()
    run_on_node(trial, way)  # the folder of checkpoints is made with the first of them
    run_on_node(trial, replace(way, data_dir=str(tmp_path / "elsewhere")))
    run_on_node(trial, Way())
    assert ways == [
        replace(way, checkpoints=None),
        way,
        replace(way, data_dir=None),
        Way(),
    ]
    assert not Path(shared).exists()
