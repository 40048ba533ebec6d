"""Arrays of jobs through submitit, whose local executor stands for Slurm."""

import os
from functools import partial
from pathlib import Path

import pytest
from fake_trials import run, run_here, run_unless, run_without_data, trial

from analysis.problem import Problem
from analysis.trials import Store
from analysis.trials.executors.slurm import on_slurm
from analysis.trials.sweep import sweep

submitit = pytest.importorskip("submitit", reason="needs the extra [slurm]")
SUPPORT = Path(__file__).parents[2] / "support"


@pytest.fixture(autouse=True)
def quick_jobs_that_find_the_fakes(monkeypatch):
    monkeypatch.setenv("PYTHONPATH", str(SUPPORT), prepend=os.pathsep)
    monkeypatch.setattr("analysis.trials.executors.slurm.POLL_SECONDS", 0.1)
    monkeypatch.setattr(submitit.Job, "_results_timeout_s", 0)  # seconds that a slow file system may take


def test_trials_run_as_jobs(tmp_path):
    trials = [trial(seed) for seed in range(3)]
    records = sweep(trials, Store(tmp_path / "store"), on_slurm(run_here, tmp_path / "logs", cluster="local"))
    assert [record.result for record in records] == [run(trial).result for trial in trials]
    assert len({record.provenance["process"] for record in records} | {os.getpid()}) == 4


def test_a_lost_job_is_submitted_again_and_given_up_in_the_end(tmp_path):
    store = Store(tmp_path / "store")
    execute = on_slurm(partial(run_unless, 1), tmp_path / "logs", cluster="local")
    with pytest.raises(Problem, match="workers kept dying at brief, seed 1: "):
        sweep([trial(0), trial(1)], store, execute)
    assert [(record.trial.seed, record.attempts) for record in store.records()[0]] == [(0, 1)]
    assert len(list((tmp_path / "logs").glob("*_submitted.pkl"))) == 4


def test_a_job_without_its_data_ends_the_sweep(tmp_path):
    execute = on_slurm(run_without_data, tmp_path / "logs", cluster="local")
    with pytest.raises(Problem, match="stopped: no data here; its log is in "):
        sweep([trial(0)], Store(tmp_path / "store"), execute)


def test_where_there_is_no_slurm(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", "")
    with pytest.raises(Problem, match="no sbatch here"):
        sweep([trial(0)], Store(tmp_path / "store"), on_slurm(run, tmp_path / "logs"))


def test_an_array_bounds_its_concurrent_jobs(tmp_path, monkeypatch):
    """What submitit is asked for, and what it makes of that for Slurm."""
    from submitit.slurm.slurm import _make_sbatch_string

    asked = {}

    class Array(submitit.AutoExecutor):
        def update_parameters(self, **parameters):
            asked.update(parameters)

        def map_array(self, *arguments):
            return []

    monkeypatch.setattr(submitit, "AutoExecutor", Array)
    list(on_slurm(run, tmp_path, jobs=5, cluster="local")([trial(0)]))
    text = _make_sbatch_string("run", tmp_path, array_parallelism=asked["slurm_array_parallelism"], map_count=40)
    assert "#SBATCH --array=0-39%5" in text
