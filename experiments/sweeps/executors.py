"""The executor that a user asks for."""

from collections.abc import Sequence
from functools import partial

from analysis.problem import Problem
from analysis.trials import Trial
from analysis.trials.executors.executor import Executor
from analysis.trials.executors.local import local, sensible_jobs
from analysis.trials.executors.ray import on_ray
from analysis.trials.executors.slurm import on_slurm
from analysis.trials.worker import Way, run_on_node, run_trial
from experiments.sweeps.options import Running

SLURM_JOBS = 16


def choose(options: Running, missing: Sequence[Trial]) -> tuple[Executor, int]:
    """The executor for `missing` trials, and how many of them it runs side by side as far as is known beforehand.

    Raises:
        Problem: `gpus` with another executor than ray, or `jobs` below 1.
    """
    name, jobs = options.executor, options.jobs
    if jobs is not None and jobs < 1:
        raise Problem(f"jobs is {jobs}: give a whole number of at least 1")
    if options.gpus and name != "ray":
        raise Problem("--gpus is a share of what --executor ray hands out")
    folder = str(options.data_dir.resolve()) if options.data_dir else None
    checkpoints, most = options.checkpoints.resolve(), max(1, len(missing))
    way = Way(folder, options.backend, checkpoints=checkpoints, every=options.checkpoint_every)
    if name == "ray":
        return on_ray(partial(run_on_node, way=way), jobs, gpus=options.gpus), min(jobs or sensible_jobs(), most)
    if name == "slurm":
        logs = (options.results / "scratch" / "slurm").resolve()
        return on_slurm(partial(run_on_node, way=way), logs, jobs or SLURM_JOBS), min(jobs or SLURM_JOBS, most)
    places = min(sensible_jobs(jobs), most)
    return local(partial(run_trial, way=way), places), places
