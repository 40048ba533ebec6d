"""A sweep runs what is missing once, keeps what it has, and survives what kills its workers and itself."""

import signal
import subprocess
import sys
import time
from functools import partial
from pathlib import Path

import pytest
from fake_trials import run, run_or_die, run_or_raise, run_unless, trial

from analysis.problem import Problem
from analysis.trials import Store
from analysis.trials.local import local, sensible_jobs
from analysis.trials.sweep import ROUNDS, sweep

SUPPORT = Path(__file__).parents[1] / "support"


def events(seen):
    return lambda event, trial, record: seen.append((event, trial.seed if trial else None))


def test_runs_what_is_missing_and_keeps_the_rest(tmp_path):
    store = Store(tmp_path)
    first = sweep([trial(s) for s in (0, 1)], store, local(run))
    seen = []
    records = sweep([trial(s) for s in (2, 1, 0)], store, local(run), events(seen))
    assert [record.trial.seed for record in records] == [2, 1, 0]
    assert records[1:] == first[::-1]
    assert seen == [("kept", 1), ("kept", 0), ("started", 2), ("recorded", 2)]
    assert store.records()[0] == sorted(records, key=lambda record: record.trial.path)


def test_a_cut_file_is_run_again(tmp_path):
    store = Store(tmp_path)
    sweep([trial(0)], store, local(run))
    path = tmp_path / trial(0).path
    path.write_bytes(path.read_bytes()[:100])
    seen = []
    sweep([trial(0)], store, local(run), events(seen))
    assert seen == [("started", 0), ("recorded", 0)]
    assert store.find(trial(0)) == run(trial(0))


def test_failed_trials_are_kept_and_retried_only_when_asked(tmp_path):
    store, seen = Store(tmp_path), []
    trials = [trial(s) for s in range(4)]
    assert [r.status for r in sweep(trials, store, local(run_or_raise))] == ["finished", "failed"] * 2
    sweep(trials, store, local(run), events(seen))
    assert [event for event, _ in seen] == ["kept"] * 4
    assert {r.status for r in sweep(trials, store, local(run), retry_failed=True)} == {"finished"}


def test_fail_fast_stops_at_the_first_failure(tmp_path):
    store = Store(tmp_path)
    with pytest.raises(Problem, match="failed and --fail-fast stops the sweep: ValueError: odd"):
        sweep([trial(s) for s in range(4)], store, local(run_or_raise), fail_fast=True)
    assert [r.trial.seed for r in sorted(store.records()[0], key=lambda r: r.trial.seed)] == [0, 1]


def test_killed_workers_lose_nothing(tmp_path):
    """Workers that kill themselves at random: every trial is there once, with an undisturbed sweep's values."""
    trials = [trial(s) for s in range(40)]
    marks = tmp_path / "marks"
    marks.mkdir()
    store, seen = Store(tmp_path / "store"), []
    records = sweep(trials, store, local(partial(run_or_die, marks, 0.15), jobs=2), events(seen))
    assert [r.trial for r in records] == trials
    assert [r.result for r in records] == [run(t).result for t in trials]
    assert any(event == "worker died" for event, _ in seen)
    assert max(r.attempts for r in records) <= ROUNDS
    assert len(list((tmp_path / "store").glob("*/*/*.json"))) == 40


def test_a_trial_that_always_kills_its_worker_is_given_up(tmp_path):
    with pytest.raises(Problem, match="workers died 3 times at brief, seed 1: "):
        sweep([trial(s) for s in range(5)], Store(tmp_path), local(partial(run_unless, 1), jobs=2))
    assert sorted(r.trial.seed for r in Store(tmp_path).records()[0]) == [0, 2, 3, 4]  # its neighbours are not


DRIVER = """
import sys; sys.path.insert(0, {here!r})
from functools import partial
from pathlib import Path
from fake_trials import run, trial
from analysis.trials import Store
from analysis.trials.local import local
from analysis.trials.sweep import sweep
def note(event, trial, record):
    if event == "started":
        print(trial.seed, flush=True)
sweep([trial(s) for s in range(40)], Store(Path({folder!r})), local(run, jobs={jobs}), note)
"""


def driver(folder, jobs=1):
    script = DRIVER.format(here=str(SUPPORT), folder=str(folder), jobs=jobs)
    return subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True)


def test_a_killed_driver_resumes(tmp_path):
    """Killed twice in the middle (kill -9): the records so far are whole, and the last sweep completes them."""
    store, counts = Store(tmp_path), []
    for _ in range(2):
        process = driver(tmp_path)
        while len(list(tmp_path.glob("*/*/*.json"))) < len(counts) * 12 + 6 and process.poll() is None:
            time.sleep(0.005)
        process.send_signal(signal.SIGKILL)
        process.communicate()
        good, bad = store.records()
        assert bad == []
        counts.append(len(good))
    assert 0 < counts[0] < counts[1] < 40
    process = driver(tmp_path)
    started = process.communicate(timeout=60)[0].split()
    assert len(started) == 40 - counts[1]  # only what was missing
    assert [r.result for r in sorted(store.records()[0], key=lambda r: r.trial.seed)] == [
        run(trial(s)).result for s in range(40)
    ]


def test_two_drivers_share_a_store(tmp_path):
    """No trial is started twice, and both end with everything there."""
    drivers = [driver(tmp_path), driver(tmp_path)]
    started = [process.communicate(timeout=60)[0].split() for process in drivers]
    assert [process.returncode for process in drivers] == [0, 0]
    assert sorted(int(s) for part in started for s in part) == list(range(40))
    assert len(Store(tmp_path).records()[0]) == 40


def test_jobs_are_bounded():
    assert 1 <= sensible_jobs(10_000) <= 10_000
    assert sensible_jobs(1) == 1
    with pytest.raises(Problem, match="jobs is 0"):
        local(run, 0)
