"""The price list says what has not run, and the committed one is what the stored runs give."""

from pathlib import Path

import pytest
from made_gaps import runs

from analysis.render.style import style
from experiments.measurements.price.parts import parts
from experiments.measurements.price.rows import Timed, measured, stored
from experiments.measurements.price.view import answer, figure

RESULTS = Path(__file__).parents[4] / "results"
CONDITIONS = {"runtime": "eager", "rounds": 2, "seconds": 0.1, "load": 0.0}


@pytest.fixture
def made():
    times = {
        variant.text: {"turns": [1.0 + i, 1.2 + i, 1.1 + i]}
        for i, variant in enumerate(v for p in parts() for ab in p.variants for v in ab)
    }
    found = [each for epochs in (1, 10) for each in runs({"linear": 60 + epochs, "no shortcut": 50}, epochs)]
    return measured(found, Timed(times, CONDITIONS, {"processor": "a processor"}))[0]


def test_the_list_has_a_row_a_part_and_says_what_has_not_run(made):
    found = answer(made)
    rows = {row[0]: row for row in found.tables[""].rows}
    assert list(rows) == [part.name for part in parts()]
    assert rows["shortcuts"][1].startswith("+11.0 [+10.") and rows["shortcuts"][2] == "not run"
    assert all(isinstance(row[-1], float) for row in rows.values())
    assert found.tables[""].columns[-3:] == ("latency +%", "from", "to")
    assert "eager, one image, one thread, 2 interleaved rounds of 0.1 s on a processor" in found.tables[""].notes[-1]
    assert [row[:2] for row in found.tables["-runs"].rows] == [("shortcuts", 1), ("shortcuts", 10)]
    assert "shortcuts +20.0" in found.figures["price"].alt


def test_the_figure_draws_each_budget_and_each_cost(made):
    with style("paper", 2.0, 0.55):
        axes, costs = figure(made).axes
    assert [text.get_text() for text in axes.get_legend().get_texts()] == ["1", "10"]
    assert [label.get_text() for label in axes.get_yticklabels()] == [part.name for part in parts()]
    assert {"MAdds", "parameters", "peak\nmemory", "latency"} <= {text.get_text() for text in costs.texts}


def test_what_is_committed_is_what_the_stored_runs_give():
    (found,) = stored(RESULTS)
    made = answer(found)
    for suffix, table in made.tables.items():
        assert (RESULTS / "tables" / f"price{suffix}.md").read_text() == table.markdown()
