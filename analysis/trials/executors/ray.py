"""Running trials as Ray tasks: on the cluster that RAY_ADDRESS names, otherwise on one started on this machine."""

import logging
import os
from collections.abc import Generator, Iterable
from dataclasses import replace
from itertools import islice
from typing import Any

from analysis.problem import Problem
from analysis.trials.executors.executor import Executor, Run, WorkerDied
from analysis.trials.executors.local import sensible_jobs
from analysis.trials.record import Record
from analysis.trials.trial import Trial

RETRIES = 3  # of a task whose worker or node is lost; an error of the trial itself is not retried
OBJECT_STORE_BYTES = 100 * 1024**2  # records are small


def on_ray(run: Run, jobs: int | None = None, cpus: float = 1, gpus: float = 0) -> Executor:
    """An executor whose trials are Ray tasks of `cpus` processors and `gpus` GPUs, a share of one if below 1.

    At most `jobs` are submitted at a time. Without, twice as many as the cluster has room for, so that one that
    scales itself sees the demand. Workers return records to this process. Nothing else is shared.

    Raises:
        Problem: Ray is not installed, or the GPU is not here. (Running raises WorkerDied when tasks were lost
        more than three times.)
    """

    def execute(trials: Iterable[Trial]) -> Generator[Record, None, None]:
        ray = _ray()
        ours = not ray.is_initialized()
        if ours:
            _connect(ray, jobs, gpus)
        try:
            yield from _tasks(ray, run, trials, jobs, cpus, gpus)
        finally:
            if ours:
                ray.shutdown()

    return execute


def _ray() -> Any:
    # Read when Ray is imported or started: no reports to its makers, no copy of this project for each worker.
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
    os.environ.setdefault("RAY_ENABLE_UV_RUN_RUNTIME_ENV", "0")
    os.environ.setdefault("RAY_ACCEL_ENV_VAR_OVERRIDE_ON_ZERO", "0")
    try:
        import ray
    except ImportError as error:
        raise Problem("Ray is not installed: ./run.sh --setup ray") from error
    return ray


def _connect(ray: Any, jobs: int | None, gpus: float) -> None:
    quiet: dict[str, Any] = {"log_to_driver": False, "logging_level": logging.ERROR}
    if address := os.environ.get("RAY_ADDRESS"):
        try:
            ray.init(address, **quiet)
        except ConnectionError as error:
            raise Problem(f"no Ray cluster at RAY_ADDRESS={address}: start it, or unset RAY_ADDRESS") from error
        return
    started = {"num_cpus": sensible_jobs(jobs), "object_store_memory": OBJECT_STORE_BYTES, "include_dashboard": False}
    _start(ray, **started, **quiet)
    if gpus > ray.cluster_resources().get("GPU", 0):
        ray.shutdown()
        raise Problem(f"a trial wants {gpus:g} GPU and this machine has none to give: lower --gpus, or join a cluster")


def _start(ray: Any, **how: Any) -> None:
    """Start Ray here. It waits 30 s for its own processes, which a busy machine may miss, so it is tried twice.

    Raises:
        Problem: it did not start either time.
    """
    for again in (True, False):
        try:
            ray.init("local", **how)
            return
        except Exception as error:  # a bare one, known by its words
            ray.shutdown()
            if "timed out during startup" not in str(error):
                raise
            if not again:
                raise Problem(
                    "Ray did not start on this machine within 30 s, twice: wait until it is less busy, or leave "
                    "--executor ray out"
                ) from error


def _tasks(
    ray: Any, run: Run, trials: Iterable[Trial], jobs: int | None, cpus: float, gpus: float
) -> Generator[Record, None, None]:
    task = ray.remote(num_cpus=cpus, num_gpus=gpus, max_retries=RETRIES, retry_exceptions=False)(_counted)
    lost = (ray.exceptions.WorkerCrashedError, ray.exceptions.NodeDiedError, ray.exceptions.OutOfMemoryError)
    trials, running, hopeless = iter(trials), {}, []
    try:
        while True:
            most = jobs or 2 * _room(ray.cluster_resources(), cpus, gpus)
            running |= {task.remote(run, trial): trial for trial in islice(trials, max(0, most - len(running)))}
            if not running:
                break
            (done, *_), _ = ray.wait(list(running))
            trial = running.pop(done)
            try:
                yield ray.get(done)
            except lost:
                hopeless.append(trial)
            except ray.exceptions.RayTaskError as error:
                if isinstance(error.cause, Problem):
                    raise error.cause from error
                reason = str(error.cause).strip().splitlines()[-1]
                raise Problem(f"a Ray worker cannot run trials: {reason}; is this project installed there?") from error
    finally:
        for reference in running:
            ray.cancel(reference, force=True)
    if hopeless:
        raise WorkerDied(f"{len(hopeless)} tasks were lost {RETRIES + 1} times", hopeless)


def _room(resources: dict[str, float], cpus: float, gpus: float) -> int:
    """How many tasks the cluster runs at a time; 1 if it must grow first."""
    wanted = {"CPU": cpus, "GPU": gpus}
    return max(1, int(min(resources.get(name, 0) / share for name, share in wanted.items() if share)))


def _counted(run: Run, trial: Trial) -> Record:
    """`run`, its record with the number of this attempt, which Ray knows alone."""
    from ray._private.worker import global_worker

    worker: Any = global_worker
    return replace(run(trial), attempts=worker.core_worker.get_current_task_attempt_number() + 1)
