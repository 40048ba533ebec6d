"""The table has every budget, the figure both sides on logarithmic axes, and a new budget adds a point."""

from pathlib import Path

from made_gaps import runs

from experiments.answers.answer import write
from experiments.measurements.effects.rows import GAPS, measured, stored
from experiments.measurements.effects.view import answer, answers, figure, table

RESULTS = Path(__file__).parents[4] / "results"


def made(epochs=(1, 3)):
    percents = {"linear": 70, "relu6": 65, "expansion shortcut": 69, "no shortcut": 60}
    return measured([each for count in epochs for each in runs(percents, count)])[0]


def test_a_budget_more_is_a_row_and_a_point_more():
    few, more = table(made()), table(made((1, 3, 30)))
    assert len(more.rows) - len(few.rows) == len(GAPS)
    assert [row[4] for row in more.rows if row[3] == "30 epochs"] == [3] * len(GAPS)
    left, right = figure(made((1, 3, 30))).axes
    assert {axes.get_xscale() for axes in (left, right)} == {axes.get_yscale() for axes in (left, right)} == {"log"}
    assert [text.get_text() for text in right.get_xticklabels()] == ["1", "3", "30"]
    assert "n = 3" in right.get_title() and "n = 1" in left.get_title()


def test_the_answer_is_one_of_each(tmp_path):
    found = answer(made())
    assert list(found.figures) == ["effects"] and found.figures["effects"].alt
    assert [each.claim for each in found.verdicts or ()] == ["linear-bottleneck-size"]
    paths = {str(path.relative_to(tmp_path)) for path in write(found, tmp_path)}
    assert {"figures/effects.png", "tables/effects.md", "verdicts/effects.json"} <= paths


def test_what_is_committed_is_what_the_stored_runs_give():
    (found,) = stored(RESULTS)
    assert table(found).markdown() == (RESULTS / "tables" / "effects.md").read_text()
    stems = [each.stem for each in answers(found)]
    assert all((RESULTS / "verdicts" / f"{stem}.json").is_file() for stem in stems)
    assert len(stems) == 1 + len(found.expansion)
