"""The executor that a user asks for."""

from collections.abc import Sequence
from functools import partial
from pathlib import Path

from analysis.problem import Problem
from analysis.trials import Trial
from analysis.trials.executors.executor import Executor
from analysis.trials.executors.local import local, sensible_jobs
from analysis.trials.executors.ray import on_ray
from analysis.trials.executors.slurm import on_slurm
from analysis.trials.worker import run_on_node, run_trial
from experiments.sweeps.options import Executor as Name

SLURM_JOBS = 16


def choose(
    name: Name,
    missing: Sequence[Trial],
    jobs: int | None,
    gpus: float,
    data_dir: Path | None,
    backend: str,
    logs: Path,
) -> tuple[Executor, int]:
    """The executor for `missing` trials, and how many of them it runs side by side as far as is known beforehand.

    Raises:
        Problem: `gpus` with another executor than ray, or `jobs` below 1.
    """
    if jobs is not None and jobs < 1:
        raise Problem(f"jobs is {jobs}: give a whole number of at least 1")
    if gpus and name != "ray":
        raise Problem("--gpus is a share of what --executor ray hands out")
    folder = str(data_dir.resolve()) if data_dir else None
    elsewhere = partial(run_on_node, data_dir=folder, backend=backend)
    most = max(1, len(missing))
    if name == "ray":
        return on_ray(elsewhere, jobs, gpus=gpus), min(jobs or sensible_jobs(), most)
    if name == "slurm":
        return on_slurm(elsewhere, logs.resolve(), jobs or SLURM_JOBS), min(jobs or SLURM_JOBS, most)
    places = min(sensible_jobs(jobs), most)
    return local(partial(run_trial, data_dir=folder, backend=backend), places), places
