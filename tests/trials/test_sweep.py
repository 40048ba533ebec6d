"""A sweep runs what is missing once, keeps what it has, and gives up only what cannot be run."""

import dataclasses
from functools import partial

import pytest
from fake_trials import run, run_or_raise, run_unless, trial

from analysis.problem import Problem
from analysis.trials import Record, Store
from analysis.trials.executors.executor import WorkerDied
from analysis.trials.executors.local import local
from analysis.trials.sweep import sweep


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


def test_what_another_sweep_has_retried_is_not_retried_again(tmp_path):
    """Both were asked to; the other one was quicker, and its trial failed again."""
    store = Store(tmp_path)
    again = Record(trial(1), "failed", error="again")

    def other_sweep_first(trials):
        store.write(again)
        yield from map(run, trials)

    store.write(dataclasses.replace(again, error="once"))
    assert sweep([trial(1)], store, other_sweep_first, retry_failed=True) == [again]


def test_a_retry_whose_worker_dies_is_retried(tmp_path):
    store, deaths = Store(tmp_path), [WorkerDied("killed")]

    def dying(trials):
        for one in trials:
            if deaths:
                raise deaths.pop()
            yield run(one)

    store.write(Record(trial(1), "failed", error="once"))
    assert [(r.status, r.attempts) for r in sweep([trial(1)], store, dying, retry_failed=True)] == [("finished", 2)]


@pytest.mark.parametrize("jobs", [1, 2])
def test_fail_fast_stops_at_the_first_failure(tmp_path, jobs):
    store = Store(tmp_path)
    with pytest.raises(Problem, match="failed and --fail-fast stops the sweep: ValueError: odd"):
        sweep([trial(s) for s in range(40)], store, local(run_or_raise, jobs), fail_fast=True)
    assert 1 <= len(store.records()[0]) < 10


def test_a_trial_that_always_kills_its_worker_is_given_up(tmp_path):
    with pytest.raises(Problem, match="workers kept dying at brief, seed 1: "):
        sweep([trial(s) for s in range(5)], Store(tmp_path), local(partial(run_unless, 1), jobs=2))
    assert sorted(r.trial.seed for r in Store(tmp_path).records()[0]) == [0, 2, 3, 4]  # its neighbours are not


def test_what_an_executor_calls_hopeless_is_not_started_again(tmp_path):
    def giving_up(trials):
        drawn = list(trials)
        yield from map(run, drawn[1:])
        raise WorkerDied("lost", hopeless=drawn[:1])

    seen = []
    with pytest.raises(Problem, match="workers kept dying at brief, seed 0: "):
        sweep([trial(s) for s in range(3)], Store(tmp_path), giving_up, events(seen))
    assert [seed for event, seed in seen if event == "started"] == [0, 1, 2]
