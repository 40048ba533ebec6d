"""An order against a published one: what is judged, what is tabulated, what waits for runs."""

import math
from dataclasses import replace

import pytest

from analysis.problem import Problem
from analysis.render.arms import Arm
from analysis.tasks.recipes import recipe
from experiments.answers import ranking
from experiments.answers.collect import NoRuns
from experiments.answers.conditions import Conditions
from experiments.answers.study import Question, answer, summary
from experiments.studies.short_predicts_long import STUDY


def arms(score, study=STUDY):
    """Arms whose one run has the score that `score` gives for its name; without runs where that is None."""
    found = {name: score(name) for name in study.names}
    return [Arm(name, study.arms[name], {} if found[name] is None else {0: found[name]}) for name in study.names]


def asked(score):
    return Question(STUDY, Conditions("cifar10", (), recipe("brief"), "epochs"), arms(score))


def faithful(name):
    return STUDY.order[name] / 2


def backward(name):
    return 100 - STUDY.order[name]


@pytest.mark.parametrize(("score", "finding"), [(faithful, "supported"), (backward, "contradicted")])
def test_an_order_is_judged_against_the_published_one(score, finding):
    line, more = ranking.lines_of(STUDY, arms(score))
    assert [found.finding for found in ranking.judged(line)] == [finding, finding]
    assert (len(line.arms), len(more.arms)) == (40, 20)
    assert list(more.predictors) == ["1 epoch", "3 epochs", "multiply-adds", "parameters"]
    assert list(line.predictors) == ["1 epoch", "multiply-adds", "parameters"]  # half have no run of three epochs


def test_the_answer_has_correlations_pairs_and_networks():
    made = answer(asked(faithful))
    assert list(made.tables) == ["", "-pairs", "-networks"]
    (tau, *_), *_ = (row[2:] for row in made.tables[""].rows)
    assert tau == pytest.approx(1)
    notes = [str(note) for note in made.tables[""].notes]
    assert any("Tau of 1 epoch is above 0.5: supported, 1.00 [1.00, 1.00], 40 networks." in note for note in notes)
    assert all(row[2] == pytest.approx(100) for row in made.tables["-pairs"].rows)
    assert sum(row[1] for row in made.tables["-pairs"].rows) == 40 * 39 / 2
    assert len(made.tables["-networks"].rows) == 60
    assert summary(asked(faithful)).rows == made.tables[""].rows
    assert list(made.figures) == [made.stem] == ["short-predicts-long-cifar10-epochs"]
    assert made.verdicts is None


def test_nothing_is_judged_before_all_networks_of_the_first_line_have_run():
    last = STUDY.lines["1 epoch"][-1]
    with pytest.raises(NoRuns, match="waits for 1 networks of 1 epoch"):
        answer(asked(lambda name: None if name == last else faithful(name)))
    made = answer(asked(lambda name: None if name == STUDY.lines["3 epochs"][0] else faithful(name)))
    notes = " ".join(map(str, made.tables[""].notes))
    assert f"NOT RUN, or diverged: {STUDY.lines['3 epochs'][0]}" in notes
    assert [row[0] for row in made.tables[""].rows] == ["1 epoch", "multiply-adds", "parameters"]


def test_a_network_that_diverged_is_left_out_and_named():
    gone = STUDY.lines["1 epoch"][7]
    found = [replace(arm, runs={0: None}) if arm.name == gone else arm for arm in arms(faithful)]
    assert len(ranking.lines_of(STUDY, found)[0].arms) == 39
    notes = " ".join(map(str, ranking.tables(STUDY, found, [])[""].notes))
    assert f"NOT RUN, or diverged: {gone}" in notes and "39 networks" in notes


def test_a_statistic_on_both_sides_of_the_margin_decides_nothing():
    made = ranking.lines_of(STUDY, arms(faithful))[0].ranking.tau(list(range(40)))
    assert ranking.side(made._replace(low=0.4, high=0.6), 0.5) == "undecided"


def test_a_score_is_wanted_for_each_arm():
    with pytest.raises(Problem, match="`order` has a score for each arm"):
        replace(STUDY, order={name: math.pi for name in STUDY.names[1:]})


def test_the_figure_shows_both_predictors():
    figure = ranking.figure(STUDY, arms(faithful), "title")
    assert [axes.get_xlabel() for axes in figure.axes] == ["accuracy after 1 epoch, %", "multiply-adds (millions)"]
