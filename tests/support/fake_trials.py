"""Trials that take milliseconds, with results that follow from the trial alone."""

import os
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

from analysis.arch import preset
from analysis.problem import Problem
from analysis.tasks.recipes import recipe
from analysis.trials import Record, Trial

VARIANT, RECIPE = preset("brief").text, recipe("brief").text


def trial(seed: int, digest: str = "d") -> Trial:
    return Trial(VARIANT, RECIPE, "cifar10", digest, seed)


def run(trial: Trial, seconds: float = 0.01) -> Record:
    """A finished record with 100 + seed of 1000 images right."""
    time.sleep(seconds)
    counts = {"test_correct": 100 + trial.seed, "test_images": 1000}
    return Record(trial, "finished", counts, provenance={"seconds": seconds})


def run_or_raise(trial: Trial) -> Record:
    """A failed record for odd seeds."""
    if trial.seed % 2:
        return Record(trial, "failed", error="Traceback\nValueError: odd")
    return run(trial)


def run_unless(seed: int, trial: Trial) -> Record:
    """`run`, but the process kills itself at one seed."""
    if trial.seed == seed:
        os.kill(os.getpid(), signal.SIGKILL)
    return run(trial)


def run_marked(folder: Path, seconds: float, trial: Trial) -> Record:
    """`run` in a process that leaves a file named after its id in `folder`."""
    (folder / str(os.getpid())).touch()
    return run(trial, seconds)


def run_here(trial: Trial) -> Record:
    """`run`, with the process in its record."""
    record = run(trial)
    return replace(record, provenance=record.provenance | {"process": os.getpid()})


def run_when_free(folder: Path, trial: Trial) -> Record:
    """`run` as soon as `folder` contains a file "go". Before, it creates a file seed@node@process there."""
    import ray

    (folder / f"{trial.seed}@{ray.get_runtime_context().get_node_id()}@{os.getpid()}").touch()
    while not (folder / "go").exists():
        time.sleep(0.01)
    return run(trial)


def run_with_data_until_2(trial: Trial) -> Record:
    """`run_here`, but without data at seed 2."""
    return run_without_data(trial) if trial.seed == 2 else run_here(trial)


def run_without_data(trial: Trial) -> Record:
    raise Problem("no data here")


DRIVER = """
from functools import partial
from pathlib import Path
import fake_trials
from analysis.trials import Store
from analysis.trials.executors.local import local
from analysis.trials.sweep import sweep
def note(event, trial, record):
    if event in ("started", "worker died"):
        print(event, trial.seed if trial else "", flush=True)
folder = Path({folder!r})
run = partial(fake_trials.run_marked, folder / "marks", {seconds})
sweep([fake_trials.trial(s) for s in range({trials})], Store(folder), local(run, {jobs}), note)
"""


def driver(folder: Path, jobs: int = 1, trials: int = 40, seconds: float = 0.01) -> subprocess.Popen:
    """A sweep in its own process group, which prints the trials that it starts. Its workers leave marks."""
    (folder / "marks").mkdir(exist_ok=True)
    script = DRIVER.format(folder=str(folder), jobs=jobs, trials=trials, seconds=seconds)
    path = os.pathsep.join([str(Path(__file__).parent), *filter(None, [os.environ.get("PYTHONPATH")])])
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    return subprocess.Popen(
        [sys.executable, "-c", script], env=os.environ | {"PYTHONPATH": path}, start_new_session=True, **pipes
    )


def alive(folder: Path) -> list[int]:
    """The processes with a mark in `folder` that still run."""
    return [int(mark.name) for mark in folder.iterdir() if is_there(int(mark.name))]


def is_there(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True


def wait_for(condition, seconds: float = 60):
    """The first true value that `condition` returns."""
    end = time.monotonic() + seconds
    while not (found := condition()):
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.005)
    return found
