"""Runs are in the order of their seeds, whatever the order of the records."""

import random
from dataclasses import replace

import pytest
from pair import STUDY as PAIR

from analysis.tasks.recipes import RECIPES
from analysis.trials import Record, Store
from experiments.answers.collect import NoRuns, as_stored, collect, run_ids, stored_arms, trials_of, wanted_of

BRIEF = RECIPES["brief"]
SEEDS = (3, 0, 11, 2)


def records(dataset="cifar10", digest="d"):
    """A finished run of each arm and seed, in no order."""
    trials = trials_of(PAIR, BRIEF, dataset, digest, SEEDS)
    made = [
        Record(trial, "finished", {"test_correct": 50 + trial.seed, "test_images": 100}, f"note {trial.seed % 2}")
        for trial in trials
    ]
    random.Random(0).shuffle(made)
    return made


def test_runs_and_notes_do_not_depend_on_the_order_of_records():
    trials = trials_of(PAIR, BRIEF, "cifar10", "d", SEEDS)
    made = records()
    arms, notes = collect(PAIR, BRIEF, trials, made)
    assert [list(arm.runs.items()) for arm in arms] == [[(0, 50.0), (2, 52.0), (3, 53.0), (11, 61.0)]] * 2
    assert notes == ("note 0", "note 1", "backend eager")
    assert collect(PAIR, BRIEF, trials, reversed(made)) == (arms, notes)


def test_failed_and_other_trials_are_left_out():
    trials = trials_of(PAIR, BRIEF, "cifar10", "d", (0,))
    failed = Record(trials[0], "failed", {}, error="x")
    other = records(digest="other")
    arms, _ = collect(PAIR, BRIEF, trials, [failed, *other])
    assert [arm.runs for arm in arms] == [{}, {}]


def test_stored_arms_are_of_one_copy_the_one_without_a_note_if_it_has_all_arms():
    made = [*records()[:3], *records(digest="other")]
    arms, _ = stored_arms(PAIR, BRIEF, "cifar10", made, SEEDS)
    assert all(len(arm.runs) == len(SEEDS) for arm in arms)
    lossless = [replace(record, note="") for record in records(digest="lossless") if record.trial.seed == 3]
    arms, notes = stored_arms(PAIR, BRIEF, "cifar10", [*made, *lossless], SEEDS)
    assert [list(arm.runs) for arm in arms] == [[3], [3]] and notes == ("backend eager",)
    ids = run_ids(replace(PAIR, seeds=SEEDS), BRIEF, "cifar10", [*lossless, *made])
    assert set(ids.values()) == {record.trial.id for record in lossless}
    arms, _ = stored_arms(PAIR, BRIEF, "cifar10", [*made, lossless[0]], SEEDS)  # one arm alone is not an answer
    assert all(len(arm.runs) == len(SEEDS) for arm in arms)
    with pytest.raises(NoRuns, match="no trials on cifar100 are stored: mnv2 study run pair"):
        stored_arms(PAIR, BRIEF, "cifar100", made, SEEDS)


def test_a_start_that_older_records_do_not_state_is_not_trained_again(tmp_path):
    store = Store(tmp_path)
    old, other = trials_of(PAIR, BRIEF, "cifar10", "d", (0,))
    store.write(Record(old, "finished", {"test_correct": 1, "test_images": 2}))
    asked = trials_of(PAIR, BRIEF, "cifar10", "d", (0,), start="s")
    assert as_stored(store, asked) == [old, replace(other, start="s")]
    assert as_stored(store, [old, other]) == [old, other]


def test_the_trials_that_a_look_wants_are_those_of_its_arms_and_seeds():
    trials = trials_of(PAIR, BRIEF, "cifar10", "d", range(3))
    wanted = wanted_of(PAIR, BRIEF, trials, {"relu6": (1, 2), "linear": (2,)})
    assert [(each.network, each.seed) for each in wanted] == [
        (trials[3].network, 1),
        (trials[4].network, 2),
        (trials[5].network, 2),
    ]
    read = replace(PAIR, readings={"8 bits": 8.0, "4 bits": 4.0}, beside=())
    assert wanted_of(read, BRIEF, trials, {"relu6, 4 bits": (0,)}) == [trials[1]]
