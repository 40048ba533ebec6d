"""Running trials on this machine: one after the other, or side by side in processes of one thread each."""

import os
import signal
import threading
import time
import warnings
from collections.abc import Generator, Iterable
from contextlib import suppress
from functools import cache, partial
from pathlib import Path
from typing import Any

from analysis.problem import Problem
from analysis.trials.executors.executor import Executor, Run, WorkerDied
from analysis.trials.record import Record
from analysis.trials.trial import Trial

# What a trial of these networks needs at most, measured at batch 64 with room to spare.
BYTES_A_TRIAL = 2 * 1024**3
GRACE_SECONDS = 20.0  # for a step and a checkpoint, before a worker is ended


def local(run: Run, jobs: int = 1) -> Executor:
    """An executor for this machine.

    With `jobs` 1 it runs in this process. With more, joblib's loky starts processes that compute on one thread each,
    leave interrupts to this process and end soon after it has ended, however it ends.

    Raises:
        Problem: `jobs` below 1. (Running raises WorkerDied when a process is killed.)
    """
    if jobs < 1:
        raise Problem(f"jobs is {jobs}: give a whole number of at least 1")
    return partial(_here if jobs == 1 else partial(_in_processes, jobs), run)


def _here(run: Run, trials: Iterable[Trial]) -> Generator[Record, None, None]:
    yield from map(run, trials)


def _in_processes(jobs: int, run: Run, trials: Iterable[Trial]) -> Generator[Record, None, None]:
    from joblib import Parallel, delayed, parallel_config
    from joblib.externals.loky.process_executor import TerminatedWorkerError

    with parallel_config(backend="loky", inner_max_num_threads=1):
        options: dict[str, Any] = {"return_as": "generator_unordered", "pre_dispatch": jobs, "batch_size": 1}
        pool: Any = Parallel(n_jobs=jobs, **options)
        running: set[Trial] = set()
        records = pool(delayed(_tethered)(os.getpid(), run, trial) for trial in _noted(trials, running))
        try:
            for record in records:
                running.discard(record.trial)
                yield record
        except TerminatedWorkerError as error:
            running.clear()
            raise WorkerDied("a worker process was killed") from error
        finally:
            if running:
                _ask_to_end()
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # that trials under way are given up is what closing is for
                records.close()


def _noted(trials: Iterable[Trial], running: set[Trial]) -> Iterable[Trial]:
    for trial in trials:
        running.add(trial)
        yield trial


def _ask_to_end() -> None:
    """Ask loky's workers to end and wait for them: a trial writes its checkpoint first."""
    from joblib.externals.loky import reusable_executor

    executor = reusable_executor._executor  # asked for by name, loky would start another one
    processes = list(executor._processes.values()) if executor is not None and executor._processes else []
    for process in processes:
        with suppress(ProcessLookupError, OSError):
            os.kill(process.pid, signal.SIGTERM)
    end = time.monotonic() + GRACE_SECONDS
    for process in processes:
        process.join(max(0.0, end - time.monotonic()))


def _tethered(driver: int, run: Run, trial: Trial) -> Record:
    tether(driver)
    return run(trial)


@cache
def tether(driver: int) -> None:
    """Leave interrupts to the driver, and end this process when the driver has: workers may outlive a killed one. A
    trial under way has some seconds to write its checkpoint."""

    def watch() -> None:
        while os.getppid() == driver:
            time.sleep(0.5)
        os.kill(os.getpid(), signal.SIGTERM)
        time.sleep(GRACE_SECONDS)
        os._exit(1)

    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=watch, daemon=True).start()


def sensible_jobs(wanted: int | None = None) -> int:
    """How many trials to run side by side: `wanted`, or else one a core as far as memory allows."""
    from joblib import cpu_count  # heeds affinity and the limits of a container

    return wanted or max(1, min(cpu_count(), memory() // BYTES_A_TRIAL))


def memory() -> int:
    """Bytes of memory that this process may use: the machine's, or its container's if that has fewer."""
    bounds = [os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")]
    for file in ("memory.max", "memory/memory.limit_in_bytes"):  # control groups, version 2 and 1
        try:
            bounds.append(int((Path("/sys/fs/cgroup") / file).read_text()))
        except (OSError, ValueError):  # no such file, or "max"
            continue
    return min(bounds)
