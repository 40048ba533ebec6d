"""A study that chooses a rate: by held-out images alone, when every run is there, and what depends on the rate."""

from dataclasses import replace

import numpy as np
import pytest

from analysis.arch import preset
from analysis.problem import Problem
from analysis.render.arms import Arm
from analysis.tasks.recipes import recipe
from analysis.trials import Record, Trial
from experiments.answers import rates
from experiments.answers.collect import NoRuns, collect, trials_of
from experiments.answers.conditions import Conditions
from experiments.answers.study import Question, answer, summary
from experiments.studies.learning_rate import STUDY
from experiments.study import Study

NOISE = (-0.2, 0.2)


def arms(score, study=STUDY):
    """Arms with the score that `score` gives for network, budget and rate; None is a diverged run."""
    made = []
    for line, names in study.lines.items():
        network, budget = study.chooses[line]
        for name in names:
            at = study.recipes[name].peak_rate
            mean = score(network, budget, at)
            runs = {s: None if mean is None else mean + n for s, n in zip(study.seeds, NOISE, strict=True)}
            made.append(Arm(name, study.arms[name], runs, at))
    return made


def plain(network, budget, rate):
    """0.3 is best for all, 0.6 for relu6 at ten epochs; relu6 is 5 points worse, t = 1 better at low rates only."""
    if network.startswith("t = 1"):
        return 60 + (10 if rate < 0.2 else -10)
    best = 0.6 if network == "relu6" and budget == "10 epochs" else 0.3
    return 60 - 3 * (rate != best) - 5 * (network == "relu6")


def asked(score):
    return Question(STUDY, Conditions("cifar10", (), recipe("brief"), "peak_rate"), arms(score))


def test_the_common_rate_is_the_best_mean_and_each_network_has_its_own():
    grid = rates.grid_of(STUDY, arms(lambda *at: 70 if at == ("relu6", "10 epochs", 0.6) else 60 + (at[2] == 0.3)))
    assert (grid.budgets, grid.rates, grid.values.shape) == (
        ("1 epoch", "10 epochs"),
        (0.03, 0.1, 0.3, 0.6),
        (2, 7, 4, 2),
    )
    assert grid.rates[int(rates.common(grid.values))] == 0.3
    assert [grid.rates[i] for i in rates.own(grid.values)] == [0.3, 0.6, *[0.3] * 5]


def test_a_diverged_run_counts_as_chance():
    grid = rates.grid_of(STUDY, arms(lambda *at: None if at[2] == 0.6 else 60))
    assert (grid.values[..., 3, :] == 10).all()
    assert grid.rates[int(rates.common(grid.values))] == 0.03  # of equal ones the lowest


def test_a_conclusion_holds_depends_or_is_open():
    made = answer(asked(plain))
    words = {(row[0], row[1]): row[-1] for row in made.tables["-differences"].rows}
    assert words["linear - relu6", "1 epoch"] == "holds"
    assert words["linear - t = 1, cost of width 1", "10 epochs"] == "depends on the rate"
    assert words["linear - no shortcut", "1 epoch"] == "open"
    own = [
        row
        for row in made.tables["-differences"].rows
        if row[2] == "own rates" and row[:2] == ("linear - relu6", "10 epochs")
    ]
    assert own[0][3] == pytest.approx(5)
    assert made.verdicts is None and list(made.figures) == [made.stem] == ["learning-rate-cifar10-peak_rate"]
    assert summary(asked(plain)).rows == made.tables[""].rows
    assert any("Common rate: 0.03" in str(note) for note in made.tables[""].notes)
    assert made.tables[""].rows[-1][1] == "mean of all"


def test_a_false_side_is_rare_without_effects():
    values = np.random.default_rng(1).standard_normal((400, 2, 7, 4, 2))
    words = rates.conclusions(rates.sides(values[:, 0], rates.own(values)))
    assert (words != rates.OPEN).any(-1).mean() < 0.05


def test_nothing_is_chosen_before_every_arm_has_run():
    some = arms(plain)
    some[5] = replace(some[5], runs={900: 50.0})
    with pytest.raises(NoRuns, match="waits for 1 of 56 arms"):
        rates.tables(STUDY, some, ())


def test_runs_are_compared_by_held_out_images():
    trials = trials_of(STUDY, recipe("brief"), "cifar10", "d", STUDY.seeds)
    counts = {"test_correct": 9000, "test_images": 10_000}
    epochs = [{"validation_accuracy": 20.0}, {"validation_accuracy": 33.0}]
    made, _ = collect(STUDY, recipe("brief"), trials, [Record(trials[0], "finished", counts | {"epochs": epochs})])
    assert made[0].runs == {900: 33.0}
    assert made[0].at == 0.03
    assert isinstance(trials[0], Trial)


def test_a_study_that_chooses_varies_its_recipes():
    with pytest.raises(Problem, match="chooses a value of `x`: its arms need `recipes`"):
        Study(
            "mine",
            "Which?",
            {"a": preset("brief"), "b": preset("brief", width=2.0)},
            x="peak_rate",
            lines={"a": ["a"]},
            chooses={"a": ("a", "1 epoch")},
        )
    lines, whole = {line: STUDY.lines[line] for line in ("linear, 1 epoch", "relu6, 10 epochs")}, arms(plain)
    with pytest.raises(Problem, match="`chooses` names the network and the budget of each of `lines`"):
        replace(STUDY, lines=lines)
    odd = replace(STUDY, lines=lines, chooses={line: STUDY.chooses[line] for line in lines})
    with pytest.raises(Problem, match="every network runs at every budget"):
        rates.grid_of(odd, whole)


def test_network_and_budget_are_fields_whatever_the_lines_are_called():
    names = {line: f"line {i}" for i, line in enumerate(STUDY.lines)}
    renamed = replace(
        STUDY,
        lines={names[line]: arms for line, arms in STUDY.lines.items()},
        chooses={names[line]: cell for line, cell in STUDY.chooses.items()},
    )
    grid, wanted = (rates.grid_of(study, arms(plain, study)) for study in (renamed, STUDY))
    assert grid[:3] == wanted[:3] and (grid.values == wanted.values).all()
