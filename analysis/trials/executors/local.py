"""Running trials on this machine: one after the other, or side by side in processes of one thread each."""

import os
import shutil
import signal
import threading
import time
import warnings
from collections.abc import Generator, Iterable, Iterator
from contextlib import contextmanager, suppress
from functools import cache, partial
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from analysis.problem import Problem
from analysis.trials.executors.executor import Executor, Run, WorkerDied
from analysis.trials.record import Record
from analysis.trials.trial import Trial

# What a trial of these networks needs at most, measured at batch 64 with room to spare.
BYTES_A_TRIAL = 2 * 1024**3
GRACE_SECONDS = 20.0  # for a step and a checkpoint, before a worker is ended
ASKED = "asked"  # a file in the folder of a pool: all workers are asked to end
PLACES = "places"  # a folder there: in it each worker takes a number


def local(run: Run, jobs: int = 1) -> Executor:
    """An executor for this machine.

    With `jobs` 1 it runs in this process. With more, joblib's loky starts processes that compute on one thread each,
    leave interrupts to this process and end soon after it has ended, however it ends. Each has a number, `own_place`.

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

    with (
        _pool_folder() as name,
        _asking_first(Path(name)),
        parallel_config(backend="loky", inner_max_num_threads=1, initializer=tether, initargs=(os.getpid(),)),
    ):
        options: dict[str, Any] = {"return_as": "generator_unordered", "pre_dispatch": jobs, "batch_size": 1}
        pool: Any = Parallel(n_jobs=jobs, **options)
        running: set[Trial] = set()
        work = delayed(partial(_tethered, os.getpid(), Path(name), run))
        records = pool(work(trial) for trial in _noted(trials, running))
        try:
            for record in records:
                running.discard(record.trial)
                yield record
        except TerminatedWorkerError as error:
            running.clear()
            raise WorkerDied("a worker process was killed") from error
        finally:
            if running:
                _ask_to_end(Path(name))
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # that trials under way are given up is what closing is for
                records.close()


@contextmanager
def _pool_folder() -> Iterator[str]:
    with TemporaryDirectory(prefix="mnv2-") as name:
        (Path(name) / PLACES).mkdir()
        yield name


def _noted(trials: Iterable[Trial], running: set[Trial]) -> Iterable[Trial]:
    for trial in trials:
        running.add(trial)
        yield trial


@contextmanager
def _asking_first(folder: Path) -> Iterator[None]:
    """Within the block SIGINT and SIGTERM first let the workers write their checkpoints, then do what they did before:
    joblib kills its workers the moment it is interrupted. A second signal is not held up."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before: dict[int, Any] = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    before = {number: handler for number, handler in before.items() if handler not in (None, signal.SIG_IGN)}

    def restore() -> None:
        for number, handler in before.items():
            signal.signal(number, handler)

    def ask(number: int, frame: Any) -> None:
        restore()
        _ask_to_end(folder)
        if callable(before[number]):
            before[number](number, frame)
        else:
            shutil.rmtree(folder, ignore_errors=True)  # this process ends now
            signal.raise_signal(number)

    for number in before:
        signal.signal(number, ask)
    try:
        yield
    finally:
        restore()


def _ask_to_end(folder: Path) -> None:
    """Ask the workers that are in a trial to end, and wait until all have written their checkpoints."""
    (folder / ASKED).touch()
    end, asked = time.monotonic() + GRACE_SECONDS, set()
    while (busy := _busy(folder)) and time.monotonic() < end:
        for process in busy - asked:
            with suppress(ProcessLookupError):
                os.kill(process, signal.SIGTERM)
        asked |= busy
        time.sleep(0.01)


def _busy(folder: Path) -> set[int]:
    """The processes that are in a trial: each has left its number in `folder` and is there."""
    numbers = {int(mark.name) for mark in folder.iterdir() if mark.name not in (ASKED, PLACES)}
    return {number for number in numbers if _is_there(number)}


def _is_there(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True


def _tethered(driver: int, folder: Path, run: Run, trial: Trial) -> Record:
    """`run` in a worker, with its mark in `folder` while it runs."""
    tether(driver)
    _places[0] = _take_place(folder)
    mark = folder / str(os.getpid())
    signal.signal(signal.SIGTERM, partial(_end, driver, mark))
    with suppress(OSError):  # without its mark it is not asked
        mark.touch()
    try:
        return run(trial)
    finally:
        with suppress(OSError):
            mark.unlink(missing_ok=True)


_places = [0]  # of this process in its pool


def own_place() -> int:
    """The number of this process among those that run trials side by side, from 0: what shares the accelerators out."""
    return _places[0]


@cache
def _take_place(folder: Path) -> int:
    """The lowest number that no other process of the pool has taken."""
    for place in count():
        try:
            (folder / PLACES / str(place)).touch(exist_ok=False)
        except FileExistsError:
            continue
        except OSError:  # without a folder for it
            return 0
        return place
    raise AssertionError("numbers have no end")


def _end(driver: int, mark: Path, number: int, frame: Any) -> None:
    """End a worker on SIGTERM. If the driver asked all workers, it waits until it is killed: loky kills all workers
    when
    one ends, and others may still write their checkpoints. The driver gets a second to ask."""
    with suppress(OSError):
        mark.unlink(missing_ok=True)
    soon = time.monotonic() + 1
    while os.getppid() == driver and (time.monotonic() < soon or (mark.parent / ASKED).exists()):
        time.sleep(0.02)
    if os.getppid() != driver:
        shutil.rmtree(mark.parent, ignore_errors=True)  # what a killed driver has left
    signal.signal(number, signal.SIG_DFL)
    signal.raise_signal(number)


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
