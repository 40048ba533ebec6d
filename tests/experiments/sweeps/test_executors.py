"""The executor that a user asks for, and how many trials it runs side by side."""

from dataclasses import replace
from pathlib import Path

import pytest
from fake_trials import trial

from analysis.problem import Problem
from analysis.training.device import CPU
from analysis.trials.worker import Way, run_on_node, run_trial
from experiments.sweeps import executors
from experiments.sweeps.executors import SLURM_JOBS, choose, device_here
from experiments.sweeps.options import Running

TRIALS = [trial(seed) for seed in range(100)]


@pytest.fixture
def asked(monkeypatch):
    """What an executor is made of, instead of one."""
    made = []

    def maker(name):
        return lambda *given, **options: made.append((name, given, options)) or name

    for name in ("local", "on_ray", "on_slurm"):
        monkeypatch.setattr(executors, name, maker(name))
    monkeypatch.setattr("joblib.cpu_count", lambda: 4)
    monkeypatch.setattr("analysis.trials.executors.local.memory", lambda: 64 * 1024**3)
    return made


@pytest.mark.parametrize(
    ("jobs", "trials", "places"),
    [
        (None, 100, 4),  # one a core
        (7, 100, 7),  # above the cores, as asked
        (64, 100, 64),
        (7, 3, 3),  # no more than there are trials
        (None, 0, 1),
    ],
)
def test_this_machine_runs_as_many_as_asked_for_else_one_a_core(asked, jobs, trials, places):
    assert choose(Running(jobs=jobs), TRIALS[:trials]) == ("local", places)
    ((_, (run, given), _),) = asked
    assert (run.func, given) == (run_trial, places)


def test_a_cluster_has_as_many_as_it_is_asked_for(asked):
    assert choose(Running(executor="ray", gpus=0.5), TRIALS) == ("on_ray", 4)
    assert choose(Running(executor="ray", jobs=20), TRIALS) == ("on_ray", 20)
    assert choose(Running(executor="slurm"), TRIALS) == ("on_slurm", SLURM_JOBS)
    assert choose(Running(executor="slurm", jobs=40, results=Path("there")), TRIALS[:9]) == ("on_slurm", 9)
    assert [given[1:] for _, given, _ in asked] == [
        (None,),
        (20,),
        (Path("results/scratch/slurm").resolve(), SLURM_JOBS),
        (Path("there/scratch/slurm").resolve(), 40),
    ]
    assert [options for *_, options in asked] == [{"gpus": 0.5}, {"gpus": 0.0}, {}, {}]
    assert all(given[0].func is run_on_node for _, given, _ in asked)


@pytest.mark.parametrize("executor", ["local", "ray", "slurm"])
def test_workers_get_folders_that_hold_wherever_they_run(asked, executor, tmp_path):
    options = Running(executor=executor, backend="fused", results=tmp_path / "results", checkpoint_every=7.0)
    checkpoints = tmp_path / "results" / "scratch" / "checkpoints"
    choose(options, TRIALS)
    choose(replace(options, data_dir=Path("data")), TRIALS)
    ways = [given[0].keywords["way"] for _, given, _ in asked]
    rest = "fused", 1, checkpoints, 7.0, "cpu" if executor == "ray" else "auto"  # Ray gives GPUs to who asks for them
    assert ways == [Way(folder, *rest) for folder in (None, str(Path("data").resolve()))]


@pytest.mark.parametrize(
    ("device", "jobs", "places"),
    [("auto", None, 2), ("cuda", None, 2), ("cuda:1", None, 1), ("auto", 6, 6), ("cpu", None, 4)],
)
def test_of_accelerators_one_trial_each_unless_more_are_asked_for(asked, monkeypatch, device, jobs, places):
    for module in ("analysis.training.device", "experiments.sweeps.executors"):
        monkeypatch.setattr(f"{module}.devices", lambda: ("cpu", "cuda:0", "cuda:1"))
    assert choose(Running(device=device, jobs=jobs), TRIALS) == ("local", places)
    ((_, (run, _), _),) = asked
    assert run.keywords["way"].device == device


@pytest.mark.parametrize(
    ("options", "device", "share"),
    [
        ({"gpus": 0.25}, "auto", 0.25),
        ({"gpus": 2.0, "device": "cuda"}, "cuda", 1.0),
        ({}, "cpu", 1.0),
        ({"device": "cpu"}, "cpu", 1.0),
    ],
)
def test_under_ray_a_trial_uses_the_share_that_it_was_given(asked, options, device, share):
    choose(Running(executor="ray", **options), TRIALS)
    way = asked[0][1][0].keywords["way"]
    assert (way.device, way.share) == (device, share)


def test_devices_and_gpus_that_contradict_each_other_are_a_problem(asked):
    with pytest.raises(Problem, match="--gpus asks for GPUs and --device cpu uses none"):
        choose(Running(executor="ray", gpus=0.5, device="cpu"), TRIALS)
    with pytest.raises(Problem, match="--device cuda with --executor ray wants --gpus"):
        choose(Running(executor="ray", device="cuda"), TRIALS)
    with pytest.raises(Problem, match="there is no device 'cuda:9' here"):
        choose(Running(device="cuda:9"), TRIALS)


def test_a_forecast_is_made_with_the_device_of_this_machine_if_it_has_it():
    assert device_here(Running(device="cpu")) == CPU
    for executor in ("ray", "slurm"):  # whose nodes may have what this one lacks
        assert device_here(Running(executor=executor, gpus=executor == "ray", device="cuda:9")) == CPU
    with pytest.raises(Problem, match="there is no device 'cuda:9' here"):
        device_here(Running(device="cuda:9"))


@pytest.mark.parametrize("jobs", [0, -1])
def test_what_cannot_be_asked_for_is_a_problem(jobs):
    with pytest.raises(Problem, match=f"jobs is {jobs}: give a whole number of at least 1"):
        choose(Running(jobs=jobs), TRIALS)
    for executor in ("local", "slurm"):
        with pytest.raises(Problem, match="--gpus is a share of what --executor ray hands out"):
            choose(Running(executor=executor, gpus=0.5), TRIALS)
