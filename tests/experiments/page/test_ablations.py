"""A panel sorts the notes of its table by kind, and shows every run."""

import made_results
import pytest

from analysis.arch import preset
from analysis.render.arms import Arm
from analysis.render.table import Note, Table
from analysis.tasks.recipes import recipe
from experiments.answers.answer import Answer, Drawing
from experiments.answers.conditions import Conditions
from experiments.answers.study import Question
from experiments.page.ablations import Asked, ablation_sections, beside_table, runs_chart
from experiments.study import Study

A, B = preset("brief"), preset("brief", last=64)
NOTES = (
    Note("conditions", "where"),
    Note("missing", "NOT RUN YET: c."),
    Note("claim", "Claim `x`: so."),
    Note("part", "first"),
    Note("part", "second"),
    Note("claim", "Claim `y`: no."),
    Note("beside", "Beside: b - a"),
    Note("reading", "how to read"),
    "plain",
)


def asked(name="my-study", beside=(), dataset="cifar10", first=None, lines=False, more=()):
    study = Study(
        name,
        "Which is better?",
        {"a": A, "b": B},
        beside=beside,
        x="last" if lines else "",
        lines={"": ["a", "b"]} if lines else {},
    )
    arms = [Arm("a", A, {0: 50.0, 1: None}), Arm("b", B, {0: 60.0, 1: 62.0})]
    question = Question(study, Conditions(dataset, (), recipe("brief")), arms, first)
    table = Table("Title", ("arm", "x"), [("a", 1), ("b", 2)], NOTES)
    drawings = {question.stem: Drawing(lambda: pytest.fail("the page draws nothing"))}
    runs = {(arm.name, seed): f"{arm.name}{seed}" for arm in arms for seed in arm.runs}
    return Asked(question, Answer(question.stem, {"": table}, drawings), runs, more)


def test_notes_on_claims_come_first_and_those_on_the_table_stay_below_it(tmp_path):
    (panel,) = ablation_sections([asked()], tmp_path, False)
    assert panel.text == (
        "Which is better? Asked in your own question.",
        "NOT RUN YET: c.",
        "Claim `x`: so.",
        ("first", "second"),
        "Claim `y`: no.",
    )
    (table,) = panel.parts
    assert table.notes == ("where", "how to read", "plain")
    assert (panel.id, panel.title) == ("study-my-study-cifar10-brief", "My study")
    assert panel.command == "mnv2 study run my-study --recipe brief"


def test_two_answers_of_one_study_are_told_apart_in_their_titles(tmp_path):
    both = [asked(), asked(first=100), asked("other"), asked("other", dataset="synthetic")]
    assert [panel.title for panel in ablation_sections(both, tmp_path, False)] == [
        "My study (cifar10-brief)",
        "My study (cifar10-brief-seeds-100)",
        "Other",
    ]


@pytest.mark.parametrize(
    ("charts", "lines", "kinds"),
    [
        (False, False, ["still", "grid"]),
        (True, False, ["chart", "grid"]),
        (True, True, ["chart", "still", "grid"]),
    ],
)
def test_a_still_figure_is_shown_where_a_chart_does_not_show_the_same(tmp_path, charts, lines, kinds):
    if charts:
        pytest.importorskip("altair", reason="the extra `report` is not installed")
    (tmp_path / "figures").mkdir()
    (tmp_path / "figures" / "my-study-cifar10-brief.svg").write_text(made_results.SVG)
    (panel,) = ablation_sections([asked(lines=lines)], tmp_path, charts)
    assert [part.kind for part in panel.parts] == kinds
    assert "b 61.0 % [48.3, 73.7], n = 2" in panel.parts[0].alt


def test_further_differences_have_a_table():
    assert beside_table(asked().question) is None
    (row,) = beside_table(asked(beside=[("b", "a")]).question).rows
    assert row[:3] == ("b - a", 1, 10.0)


def test_a_chart_names_every_finished_run():
    pytest.importorskip("altair", reason="the extra `report` is not installed")
    layers = runs_chart(asked()).spec["layer"]
    runs = max((layer["data"]["values"] for layer in layers), key=len)
    assert [row["run"] for row in runs] == ["mnv2 trial show a0", "mnv2 trial show b0", "mnv2 trial show b1"]
    means = min((layer["data"]["values"] for layer in layers), key=len)
    assert [(row["n"], row["text"]) for row in means] == [(1, "50.00 %"), (2, "61.00 % [48.29, 73.71]")]
