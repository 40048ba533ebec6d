"""A chapter shows the answers of its measurements, and what no answer writes comes last."""

import made_results
import pytest

from analysis.problem import Problem
from analysis.render.table import Table
from experiments.answers.answer import Answer, Drawing
from experiments.claims.evidence import Evidence
from experiments.page.chapters import (
    CHAPTERS,
    DRAWN,
    LONG,
    chapter_sections,
    drawn_section,
    grids,
    rest_section,
    still,
    stills,
)

TABLE, LONG_TABLE = Table("t", ("a",), [(1,)]), Table("t", ("a",), [(1,)] * (LONG + 1))


def nothing():
    raise AssertionError("the page draws no figure of an answer")


def answer(stem, suffixes=("",), figures=(), dataset=""):
    drawings = {name: Drawing(nothing, alt=f"words of {name}") for name in figures}
    return Answer(stem, {suffix: TABLE for suffix in suffixes}, drawings, evidence=Evidence(dataset=dataset))


def put(results, *names):
    for name in names:
        path = results / "figures" / f"{name}.svg"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(made_results.SVG)


def names(section):
    return [part.name for part in section.parts]


def test_without_answers_and_files_there_is_no_section(tmp_path):
    assert list(chapter_sections({}, tmp_path)) == []
    assert list(chapter_sections({name: [] for each in CHAPTERS for name in each.measurements}, tmp_path)) == []
    assert drawn_section(tmp_path) is rest_section([], [], tmp_path) is None


def test_figures_come_first_and_answers_in_their_order(tmp_path):
    put(tmp_path, "memory-x", "splitting")
    measured = {
        "splitting": [answer("splitting", figures=["splitting"])],
        "memory": [answer("memory-x", figures=["memory-x", "memory-missing"]), answer("memory-y", ("", "-more"))],
    }
    (section,) = chapter_sections(measured, tmp_path)
    assert (section.title, section.command) == ("Memory", "mnv2 memory")
    assert names(section) == ["memory-x", "splitting", "memory-x", "memory-y", "memory-y-more", "splitting"]
    assert section.parts[0].alt == "words of memory-x"


def test_a_chapter_says_what_comes_first(tmp_path):
    put(tmp_path, "manifold/operator", "manifold/line", "manifold/panels")
    made = answer("manifold", ("", "-new", "-theory"), [f"manifold/{name}" for name in ("operator", "line", "panels")])
    (section,) = chapter_sections({"manifold": [made]}, tmp_path)
    assert names(section) == ["panels", "line", "operator", "manifold-theory", "manifold", "manifold-new"]


def test_synthetic_images_answer_nothing(tmp_path):
    assert list(chapter_sections({"backends": [answer("backends", dataset="synthetic")]}, tmp_path)) == []


def test_long_tables_are_folded_and_some_are_left_out():
    made = Answer("manifold", {"": LONG_TABLE, "-theory": TABLE, "-bands": TABLE})
    assert [(each.name, each.folded) for each in grids(made)] == [("manifold", True), ("manifold-theory", False)]


def test_what_no_answer_writes_comes_last(tmp_path):
    known = answer("known", figures=["known", "deep/known"])
    put(tmp_path, "known", "deep/known", "my_own", "deep/mine", *DRAWN)
    for stem in ("known", "my-study-cifar10-brief"):
        TABLE.write(tmp_path / "tables" / stem)
    section = rest_section(grids(answer("classes")), [known], tmp_path)
    assert names(section) == ["mine", "my_own", "classes"]
    assert section.parts[1].alt == "Figure my own; numbers below."
    assert section.text[1] == ("`tables/my-study-cifar10-brief.md`",)
    assert (
        rest_section(
            [], [known, answer("my-study-cifar10-brief"), answer("", figures=["my_own", "deep/mine"])], tmp_path
        )
        is None
    )


def test_the_networks_drawn_have_their_words(tmp_path):
    put(tmp_path, "draw-imagenet", "draw-families", "draw-mine")
    section = drawn_section(tmp_path)
    assert names(section) == ["draw-families", "draw-imagenet"]
    assert section.parts[0].alt == section.parts[0].caption == DRAWN["draw-families"]


def test_a_file_that_is_not_a_figure_is_named(tmp_path):
    put(tmp_path, "x")
    (tmp_path / "figures" / "x.svg").write_text("<html/>")
    with pytest.raises(Problem, match=r"x\.svg"):
        stills(answer("x", figures=["x"]), tmp_path)
    assert still(tmp_path, "y") is None
