"""Arms of a study as a table and as a figure: what each costs and reaches, seed by seed."""

import pytest
from matplotlib import pyplot

from analysis.arch import preset
from analysis.render.arms import Arm, arms_figure, arms_table
from analysis.render.table import Note
from analysis.stats.following import Bounds

LINEAR = Arm("linear", preset("brief"), {0: 50.0, 1: 52.0, 2: 51.0})
RELU6 = Arm("relu6", preset("brief", projection="relu6"), {0: 45.0, 1: 48.0, 2: None})


def test_a_row_has_costs_runs_and_the_difference_paired_by_seed():
    table = arms_table("Which?", [LINEAR, RELU6], [Note("claim", "Claim.")])
    first, second = (dict(zip(table.columns, row, strict=True)) for row in table.rows)
    assert (first["MAdds"], first["n"], first["diverged"], first["difference"]) == (3_157_568, 3, 0, None)
    assert (second["n"], second["diverged"], second["difference"]) == (2, 1, pytest.approx(-4.5))
    assert [note.kind for note in table.notes] == ["claim", "reading"]
    assert "`difference` is to linear" in table.notes[-1].text


@pytest.mark.parametrize(("front", "runs"), [(True, 2), (False, 2), (True, 1)])
def test_the_front_needs_more_than_one_run(front, runs):
    arms = [Arm(arm.name, arm.variant, dict(list(arm.runs.items())[:runs])) for arm in (LINEAR, RELU6)]
    assert ("on front" in arms_table("Which?", arms, front=front).columns) == (front and runs > 1)


def test_every_run_is_a_point_and_arms_but_the_first_show_their_difference():
    figure = arms_figure([LINEAR, RELU6], "Which?", "test accuracy")
    (axes,) = figure.axes
    labels = [label.get_text() for label in axes.get_xticklabels()]
    assert labels[0] == "linear"
    assert labels[1].startswith("relu6\n−4.5\n[")
    points = [line for line in axes.lines if line.get_alpha() == 0.6]
    assert [list(line.get_ydata()) for line in points] == [[50.0, 52.0, 51.0], [45.0, 48.0]]
    pyplot.close(figure)


def test_a_single_run_has_no_difference_on_its_label():
    arms = [Arm(arm.name, arm.variant, {0: arm.runs[0]}) for arm in (LINEAR, RELU6)]
    figure = arms_figure(arms, "Which?")
    assert figure.axes[0].get_xticklabels()[1].get_text() == "relu6"
    pyplot.close(figure)


def test_given_differences_replace_those_paired_by_seed():
    arms = [Arm("a", preset("brief"), {0: 50.0, 1: 52.0}), Arm("b", preset("brief", width=2.0), {0: 55.0, 1: 55.0})]
    table = arms_table("?", arms, against={"b": Bounds(3.0, 1.0, 5.0, 3)})
    assert table.columns[-4:] == ("difference", "from", "to", "seeds")
    assert list(table.rows[1][-4:]) == [3.0, 1.0, 5.0, 3] and list(table.rows[0][-4:]) == [None] * 4
    assert "holds after stopping" in str(table.notes[-1])
    figure = arms_figure(arms, "?", against={"b": Bounds(3.0, 1.0, 5.0, 3)})
    assert [label.get_text() for label in figure.axes[0].get_xticklabels()] == ["a", "b\n+3.0\n[+1.0, +5.0]"]
    pyplot.close(figure)


def test_equal_differences_have_neither_interval_nor_p():
    """They leave the p of other rows as it is."""
    keeps = Arm("keeps step", preset("brief", kernel=5), {seed: value + 2.5 for seed, value in LINEAR.runs.items()})
    other = Arm("other", preset("brief", projection="relu"), {0: 40.0, 1: 49.0, 2: 41.0})
    table = arms_table("Which?", [LINEAR, keeps, other])
    _, equal, varied = (dict(zip(table.columns, row, strict=True)) for row in table.rows)
    assert equal["difference"] == pytest.approx(2.5)
    assert [equal[name] for name in ("from", "to", "p", "correlation", "detectable")] == [None] * 5
    assert varied["p"] == pytest.approx(min(1, 2 * other.minus(LINEAR).p))
    assert "equal over seeds have no interval and no p" in table.notes[-1].text
    assert "equal over seeds" not in arms_table("Which?", [LINEAR, other]).notes[-1].text
    figure = arms_figure([LINEAR, keeps, other], "Which?")
    labels = [label.get_text() for label in figure.axes[0].get_xticklabels()]
    assert labels[1] == "keeps step\n+2.5" and "[" in labels[2]
    pyplot.close(figure)
