"""Running trials on this machine: one after the other, or side by side in processes of one thread each."""

import os
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from analysis.problem import Problem
from analysis.trials.record import Record
from analysis.trials.trial import Trial

Run = Callable[[Trial], Record]
Executor = Callable[[Iterable[Trial]], Iterator[Record]]

# What a trial of these networks needs at most, measured at batch 64 with room to spare.
BYTES_A_TRIAL = 2 * 1024**3


class WorkerDied(Exception):
    """A worker process ended before its trial did: killed, or out of memory."""


def local(run: Run, jobs: int = 1) -> Executor:
    """An executor: called with trials, it yields their records as they come, in no promised order.

    With `jobs` 1 it runs in this process. With more, joblib's loky starts processes that compute on one thread each;
    trials are drawn from the iterable only when a process is free for them.

    Raises:
        Problem: `jobs` below 1. (Running raises WorkerDied when a process is killed.)
    """
    if jobs < 1:
        raise Problem(f"jobs is {jobs}: give a whole number of at least 1")
    if jobs == 1:
        return lambda trials: map(run, trials)

    def execute(trials: Iterable[Trial]) -> Iterator[Record]:
        from joblib import Parallel, delayed, parallel_config
        from joblib.externals.loky.process_executor import TerminatedWorkerError

        with parallel_config(backend="loky", inner_max_num_threads=1):
            options: dict[str, Any] = {"return_as": "generator_unordered", "pre_dispatch": jobs, "batch_size": 1}
            pool: Any = Parallel(n_jobs=jobs, **options)
            try:
                yield from pool(delayed(run)(trial) for trial in trials)
            except TerminatedWorkerError as error:
                raise WorkerDied("a worker process was killed") from error

    return execute


def sensible_jobs(wanted: int | None = None) -> int:
    """How many trials to run side by side: `wanted`, or one a core, but no more than cores and memory bear."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    most = max(1, min(cores, memory // BYTES_A_TRIAL))
    return most if wanted is None else min(wanted, most)
