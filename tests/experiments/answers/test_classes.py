"""Scores by class are means over the runs, with guesses below them."""

import pytest
from pair import STUDY as PAIR

from analysis.tasks.recipes import RECIPES
from analysis.trials import Record
from experiments.answers.classes import classes, finished_runs
from experiments.answers.collect import collect, trials_of
from experiments.answers.conditions import Conditions
from experiments.answers.study import Question

RECIPE = RECIPES["bccd"]
TRIALS = trials_of(PAIR, RECIPE, "bccd", "d", (0, 1))


def record(trial, score, **more):
    """A finished run with two classes, one of them never seen."""
    result = {
        "test_score": score,
        "test_classes": [score, None],
        "classes": ["cell", "dust"],
        "start": "",
        "test_images": 9,
        "blind": [{"name": "nothing", "score": 0.1, "classes": [0.1, None]}],
    }
    return Record(trial, "finished", result | more, "", {"seconds": 60.0})


def question(records):
    arms, notes = collect(PAIR, RECIPE, TRIALS, records)
    return Question(PAIR, Conditions("bccd", notes, RECIPE), arms)


def test_means_of_runs_and_guesses_are_rows():
    records = [record(trial, 0.5 + 0.1 * trial.seed) for trial in TRIALS]
    answer = classes(question(records), records)
    table = answer.tables["-classes"]
    assert answer.stem == "pair-bccd-bccd"
    assert [row[:2] for row in table.rows] == [["linear", 2], ["relu6", 2], ["guess: nothing", None]]
    assert table.rows[0][2:] == [pytest.approx(55.0), pytest.approx(55.0), None, 1.0]
    assert "random weights" in table.notes[1]


def test_the_seed_of_a_start_is_that_of_the_run():
    records = [record(trial, 0.5, start=f"a classifier, seed {trial.seed}") for trial in TRIALS]
    table = classes(question(records), records).tables["-classes"]
    assert table.notes[1] == "Trunk started from: a classifier, the seed of the run."


def test_several_ways_of_scoring_have_rows_of_their_own():
    ways = {"readings": {"one": 0.5, "two": 0.6}, "readings_by_class": {"one": [0.5, None], "two": [0.6, None]}}
    records = [record(trial, 0.5, **ways) for trial in TRIALS]
    rows = classes(question(records), records).tables["-classes"].rows
    assert [row[0] for row in rows[:2]] == ["linear, one", "linear, two"]


def test_classifiers_have_no_such_table():
    brief = RECIPES["brief"]
    trials = trials_of(PAIR, brief, "cifar10", "d", (0, 1))
    plain = [Record(trial, "finished", {"test_correct": 1, "test_images": 2}) for trial in trials]
    assert finished_runs(PAIR, brief, plain) == {}
    arms, notes = collect(PAIR, brief, trials, plain)
    assert classes(Question(PAIR, Conditions("cifar10", notes, brief), arms), plain) is None
