"""Accuracy against cost as chart, table and figure: every point, with its place among those of its budget."""

import matplotlib.pyplot as plt
import pytest

from analysis.arch import preset
from analysis.cost.budget import QUANTITIES as MEASURES
from analysis.tasks.recipes import recipe
from experiments.answers.conditions import Conditions
from experiments.page.scatters import QUANTITIES, tradeoff_answer, tradeoff_chart, tradeoff_figure, tradeoff_table
from experiments.page.tradeoff import FRONT, UNPLACED, Point

BRIEF, SHORT = (Conditions("cifar10", (), recipe(name)) for name in ("brief", "short"))


def point(last, accuracies, budget=BRIEF, madds=100):
    costs = {name: madds for name in MEASURES}
    runs = dict(enumerate(accuracies))
    return Point(preset("brief", last=last), budget, runs, {"s": "arm", "t": "other"}, ("kernel",), costs)


FOUND = [point(1, [50, 51, 52]), point(2, [60, 61, 62], madds=200), point(3, [70.0], madds=300), point(1, [80], SHORT)]


def test_every_cost_of_a_plan_has_a_name():
    assert set(QUANTITIES) == set(MEASURES)


def test_the_table_has_places_by_budget():
    table = tradeoff_table(FOUND)
    rows = [dict(zip(table.columns, row, strict=True)) for row in table.rows]
    assert [row["by multiply-adds"] for row in rows] == [FRONT, FRONT, UNPLACED, UNPLACED]
    assert [row["trained with"] for row in rows] == [BRIEF.text] * 3 + [SHORT.text]
    assert (rows[1]["low"] != "", rows[2]["low"], rows[2]["n"]) == (True, "", "1")


def test_the_chart_has_every_point_and_chooses_a_budget():
    pytest.importorskip("altair", reason="the extra `report` is not installed")
    chart = tradeoff_chart(FOUND, None)
    rows = {row["accuracy"]: row for row in chart.spec["data"]["values"]}
    assert [rows[accuracy]["budget"] for accuracy in (51, 61, 70, 80)] == ["0", "0", "0", "1"]
    assert rows[61]["reached"] == "61.0 % [58.5, 63.5], n = 3"
    assert rows[70]["reached"] == "70.0 %, n = 1"
    assert (rows[70]["low"], rows[70]["high"]) == (70, 70)
    assert rows[61]["memory_text"] == "200 bytes"
    assert rows[61]["arms"] == "s: arm; t: other"
    chosen = {each["name"]: each for each in chart.spec["params"]}
    assert chosen["budget"]["bind"]["labels"] == [BRIEF.text, SHORT.text]
    assert "0|all|all|madds" in chosen["places"]["value"]
    assert "1|all|all|madds" not in chosen["places"]["value"]  # one run has no place


def test_the_figure_is_of_the_largest_budget():
    figure = tradeoff_figure(FOUND)
    (axes,) = figure.axes
    assert axes.get_title() == BRIEF.text
    assert [text.get_text() for text in axes.get_legend().get_texts()] == [FRONT, UNPLACED]
    plt.close(figure)


def test_the_answer_is_a_figure_alone():
    answer = tradeoff_answer(FOUND)
    assert answer.files == [f"figures/tradeoff.{form}" for form in ("png", "svg", "pdf")]
    assert answer.figures["tradeoff"].alt
