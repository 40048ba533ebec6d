"""Workers and drivers are killed at random moments, and every trial ends up there once, whole, with its values."""

import os
import random
import signal
import time

import pytest
from fake_trials import alive, driver, run, trial, wait_for

from analysis.trials import Store
from analysis.trials.sweep import ROUNDS

TRIALS = 40
UNDISTURBED = [run(trial(seed)).result for seed in range(TRIALS)]


def stored(folder):
    return len(list(folder.glob("*/*/*.json")))


def kill_one(folder):
    """Kill (-9) a worker marked in `folder` at a random moment; give the number killed."""
    time.sleep(random.uniform(0, 0.1))
    if not (processes := alive(folder / "marks")):
        return 0
    process = random.choice(processes)
    os.kill(process, signal.SIGKILL)
    (folder / "marks" / str(process)).unlink()
    return 1


def check(folder):
    """Every trial is there once, whole, with the values of an undisturbed sweep."""
    good, bad = Store(folder).records()
    assert bad == []
    assert [r.result for r in sorted(good, key=lambda r: r.trial.seed)] == UNDISTURBED
    assert max(record.attempts for record in good) <= ROUNDS
    assert sum(1 for path in folder.glob("*/*/*") if path.is_file()) == TRIALS  # nothing half written


def starts(output):
    return [int(line.split()[1]) for line in output.splitlines() if line.startswith("started")]


def test_workers_and_driver_are_killed(tmp_path):
    """Three drivers one after the other; workers of each are killed, then the first two are, and the last ends it."""
    killed = 0
    for enough in (8, 20):
        process = driver(tmp_path, jobs=2, seconds=0.03)
        for pause in (8, 4):
            wait_for(lambda least=enough - pause: stored(tmp_path) > least)
            killed += kill_one(tmp_path)
        wait_for(lambda enough=enough: stored(tmp_path) >= enough)
        process.kill()
        process.communicate()
        assert Store(tmp_path).records()[1] == []
        wait_for(lambda: not alive(tmp_path / "marks"))  # workers do not outlive their driver
        for mark in (tmp_path / "marks").iterdir():
            mark.unlink()
    before = stored(tmp_path)
    assert 20 <= before < TRIALS
    process = driver(tmp_path, jobs=2, seconds=0.03)
    for _ in range(2):
        wait_for(lambda least=before: stored(tmp_path) > least)
        killed += kill_one(tmp_path)
    output, errors = process.communicate(timeout=60)
    assert (process.returncode, errors) == (0, "")
    assert len(set(starts(output))) == TRIALS - before  # only what was missing
    assert killed
    check(tmp_path)


@pytest.mark.parametrize("jobs", [1, 2])
def test_two_drivers_share_a_store(tmp_path, jobs):
    """No trial is started by both, and both end with everything there."""
    drivers = [driver(tmp_path, jobs, seconds=0.05), driver(tmp_path, jobs, seconds=0.05)]
    if jobs == 2:
        wait_for(lambda: stored(tmp_path) > 5)
        kill_one(tmp_path)
    outputs = [process.communicate(timeout=60) for process in drivers]
    assert [process.returncode for process in drivers] == [0, 0], outputs
    first, second = (set(starts(output)) for output, _ in outputs)
    assert first | second == set(range(TRIALS))
    deaths = sum(output.count("worker died") for output, _ in outputs)
    assert len(first & second) <= 2 * jobs * deaths, outputs  # what a driver gave back, the other one may take
    check(tmp_path)
