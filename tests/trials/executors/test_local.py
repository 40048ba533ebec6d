"""Trials on this machine, side by side in processes: bounded, ended in order, and continued after an interrupt."""

import os
import signal
from dataclasses import replace
from functools import partial

import pytest
from fake_trials import alive, run, trial, wait_for
from fake_trials import driver as fake_driver
from tiny_trials import cifar_trials, comparable, driver, notes, run_paced, write_cifar

from analysis.problem import Problem
from analysis.trials import Store
from analysis.trials.executors.local import local, memory, own_place, sensible_jobs
from analysis.trials.trial import checkpoint_path
from analysis.trials.worker import Way, run_trial

EPOCHS = 40  # of three steps


def test_as_many_trials_side_by_side_as_asked_for_else_as_memory_allows(monkeypatch):
    assert sensible_jobs(10_000) == 10_000  # more than there are cores, if asked for
    assert sensible_jobs(1) == 1
    monkeypatch.setattr("joblib.cpu_count", lambda: 64)
    for gibibytes, jobs in ((5, 2), (1, 1), (1000, 64)):  # of 2 GiB each, and at most one a core
        monkeypatch.setattr("analysis.trials.executors.local.memory", lambda size=gibibytes: size * 1024**3)
        assert sensible_jobs() == jobs


def test_memory_is_that_of_the_container_if_that_has_less(monkeypatch):
    machine = memory()
    assert machine > 2**28
    for text, found in ((str(2**28), 2**28), ("max\n", None), (str(2**62), None)):
        monkeypatch.setattr("pathlib.Path.read_text", lambda path, text=text: text)
        assert memory() == (found or os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES"))


def test_no_place_to_run_is_a_problem():
    with pytest.raises(Problem, match="jobs is 0: give a whole number of at least 1"):
        local(run, 0)


@pytest.mark.parametrize("jobs", [1, 2])
def test_records_come_as_they_are_done_and_trials_are_drawn_as_places_are_free(jobs):
    drawn = []

    def trials():
        for seed in range(5):
            drawn.append(seed)
            yield trial(seed)

    records = local(run, jobs)(trials())
    first = next(records)
    assert len(drawn) <= 2 * jobs
    assert sorted(r.trial.seed for r in [first, *records]) == list(range(5))


def test_an_interrupt_ends_driver_and_workers(tmp_path):
    """Ctrl-C goes to the whole process group; the driver ends at once, its trials unfinished, what is there whole."""
    process = fake_driver(tmp_path, jobs=2, seconds=0.3)
    wait_for(lambda: len(list(tmp_path.glob("*/*/*.json"))) > 2)
    os.killpg(process.pid, signal.SIGINT)
    _, errors = process.communicate(timeout=30)
    assert process.returncode in (-signal.SIGINT, 130)
    assert errors.count("Traceback") == 1  # the driver's own, which the command line turns into status 130
    good, bad = Store(tmp_path).records()
    assert 3 <= len(good) < 40
    assert bad == []
    wait_for(lambda: not alive(tmp_path / "marks"))


def test_a_worker_without_a_trial_ends_with_its_driver_too(tmp_path):
    process = fake_driver(tmp_path, jobs=2, trials=1, seconds=60)
    wait_for(lambda: alive(tmp_path / "marks"))
    process.kill()
    process.communicate(timeout=30)  # as long as a worker is there, its end of the pipe is open


@pytest.fixture(scope="module")
def cifar(tmp_path_factory):
    return write_cifar(tmp_path_factory.mktemp("data") / "cifar")


@pytest.fixture(scope="module")
def undisturbed(cifar):
    """The records of two trials that nothing disturbs."""
    return [run_trial(each, Way(str(cifar))) for each in cifar_trials(cifar, EPOCHS)]


@pytest.mark.parametrize(
    ("number", "jobs", "group"),
    [(signal.SIGINT, 1, True), (signal.SIGINT, 2, True), (signal.SIGTERM, 2, True), (signal.SIGTERM, 2, False)],
    ids=str,
)
def test_an_interrupted_sweep_continues_inside_its_trials(tmp_path, cifar, undisturbed, number, jobs, group):
    """The signal goes to the driver alone, as from `kill`, or to its whole group, as from a terminal or a scheduler.
    Checkpoints are written for no other reason here."""
    process = driver(tmp_path, cifar, jobs=jobs, epochs=EPOCHS, pause=0.03)
    wait_for(lambda: len([path for path in tmp_path.glob("?" * 12) if len(notes(path)) > 3]) == jobs)
    (os.killpg if group else os.kill)(process.pid, number)
    output, errors = process.communicate(timeout=60)
    assert process.returncode == (130 if number == signal.SIGINT else -number), output + errors
    wait_for(lambda: not alive(tmp_path / "marks"), seconds=30)
    checkpoints = tmp_path / "checkpoints"
    ids = [record.trial.id for record in undisturbed]
    assert [checkpoint_path(checkpoints, r.trial).is_file() for r in undisturbed] == [True] * jobs + [False] * (
        2 - jobs
    )
    before = {id: len(notes(tmp_path / id)) for id in ids[:jobs]}

    again = local(partial(run_paced, tmp_path, 0.0, way=Way(str(cifar), checkpoints=checkpoints)))
    for expected, record in zip(undisturbed, again([each.trial for each in undisturbed]), strict=True):
        assert comparable(record) == comparable(expected)
        steps = [step for step, _ in notes(tmp_path / record.trial.id)]
        assert steps == sorted(set(steps))  # nothing is trained twice
        if done := before.get(record.trial.id):
            (resumed,) = record.provenance["resumed"]
            assert resumed["steps"] >= done > 3
            assert len(steps) >= 3 * EPOCHS - 1  # the step after which the signal was heeded is not noted
        else:
            assert "resumed" not in record.provenance


def placed(trial):
    return replace(run(trial, 0.3), provenance={"place": own_place(), "process": os.getpid()})


def test_each_process_has_a_number_of_its_own():
    """By which processes take the accelerators of a machine in turn."""
    assert own_place() == 0
    found = [record.provenance for record in local(placed, 2)(trial(seed) for seed in range(6))]
    places = {(each["process"], each["place"]) for each in found}
    assert sorted(place for _, place in places) == [0, 1]
