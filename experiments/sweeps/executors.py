"""The executor that a user asks for."""

from collections.abc import Sequence
from functools import partial
from typing import Any

import torch

from analysis.problem import Problem
from analysis.training.device import CPU, devices, find_device
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
        Problem: `gpus` with another executor than ray, `jobs` below 1, a device that is not here, or under Ray one
            that trials are not given.
    """
    name, jobs = options.executor, options.jobs
    if jobs is not None and jobs < 1:
        raise Problem(f"jobs is {jobs}: give a whole number of at least 1")
    if options.gpus and name != "ray":
        raise Problem("--gpus is a share of what --executor ray hands out")
    folder = str(options.data_dir.resolve()) if options.data_dir else None
    checkpoints, most = options.checkpoints.resolve(), max(1, len(missing))
    device = on_workers(options)
    rest: dict[str, Any] = {"every": options.checkpoint_every, "device": device, "share": min(1.0, options.gpus or 1.0)}
    rest["weights"] = options.weights.resolve() if options.weights else None
    way = Way(folder, options.backend, checkpoints=checkpoints, **rest)
    if name == "ray":
        return on_ray(partial(run_on_node, way=way), jobs, gpus=options.gpus), min(jobs or sensible_jobs(), most)
    if name == "slurm":
        logs = (options.results / "scratch" / "slurm").resolve()
        return on_slurm(partial(run_on_node, way=way), logs, jobs or SLURM_JOBS), min(jobs or SLURM_JOBS, most)
    places = min(jobs or places_here(device), most)
    return local(partial(run_trial, way=way), places), places


def on_workers(options: Running) -> str:
    """The name of the device that each worker is to find. Ray gives a trial a GPU only where it is asked to.

    Raises:
        Problem: `device` and `gpus` contradict each other.
    """
    if options.executor != "ray":
        return options.device
    if options.gpus and options.device == "cpu":
        raise Problem("--gpus asks for GPUs and --device cpu uses none: leave one of them out")
    if not options.gpus and options.device not in ("auto", "cpu"):
        raise Problem(f"--device {options.device} with --executor ray wants --gpus, a number of GPUs or a share of one")
    return options.device if options.gpus else "cpu"


def places_here(device: str) -> int:
    """How many trials this machine runs side by side on the device of that name: one an accelerator that it may be,
    on a CPU one a core as memory allows.

    Raises:
        Problem: such a device is not here here.
    """
    if find_device(device) == CPU:
        return sensible_jobs()
    return 1 if ":" in device else len(devices()) - 1


def device_here(options: Running) -> torch.device:
    """What trials compute on, as far as this machine has it: what a forecast is made with.

    Raises:
        Problem: trials are to run here, and such a device is not here.
    """
    try:
        return find_device(on_workers(options))
    except Problem:
        if options.executor == "local":
            raise
        return CPU
