"""Tables in their three forms: rounded where a person reads, whole in CSV, notes of every kind as lines."""

import csv
import io
import math

import pytest

from analysis.problem import Problem
from analysis.render.table import Note, Table

TABLE = Table(
    "Ti|tle",
    ("arm", "x", "p"),
    [("a_b", 1234, 0.00012), ("c", None, -math.inf), ("d", -2, 1.0)],
    (Note("conditions", "Where."), "Plain.", Note("part", "+1.2: holds"), Note("beside", "a - b")),
)


def test_a_person_reads_rounded_cells():
    assert TABLE.cells == [["a_b", "1,234", "0.00012"], ["c", "", ""], ["d", "-2", "1.00"]]
    assert TABLE.numeric == (False, True, True)
    assert TABLE.markdown().startswith("## Ti|tle\n\n| arm   |     x |       p |\n|:------|------:|--------:|\n")


def test_notes_of_a_list_get_its_mark_in_markdown_and_latex():
    assert TABLE.markdown().endswith("\n\nWhere.\n\nPlain.\n\n- +1.2: holds\n\n- a - b\n")
    assert r"\caption{Ti|tle. Where. Plain. - +1.2: holds - a - b}" in TABLE.latex()


def test_csv_has_every_digit_and_no_notes():
    rows = list(csv.reader(io.StringIO(TABLE.csv())))
    assert rows[0] == ["arm", "x", "p"]
    assert rows[1:] == [["a_b", "1234", "0.00012"], ["c", "", "-inf"], ["d", "-2", "1.0"]]


def test_a_bar_does_not_end_a_cell_in_markdown():
    table = Table("t", ("a", "b"), [("|x|", "y")])
    assert table.pipe().splitlines()[-1] == r"| \|x\| | y   |"
    assert table.cells == [["|x|", "y"]]


def test_truth_is_not_a_number():
    table = Table("t", ("yes",), [(True,), (False,)])
    assert table.cells == [["True"], ["False"]]


def test_latex_escapes_what_it_would_read_as_its_own():
    table = Table("50 % & more", ("a_b",), [("±1 × {x}",)])
    assert r"50 \% \& more." in table.latex()


def test_three_files_are_written(tmp_path):
    paths = TABLE.write(tmp_path / "t.1")
    assert [path.name for path in paths] == ["t.1.md", "t.1.csv", "t.1.tex"]
    assert [path.read_text() for path in paths] == [TABLE.markdown(), TABLE.csv(), TABLE.latex()]
    (tmp_path / "file").write_text("")
    with pytest.raises(Problem):
        TABLE.write(tmp_path / "file" / "t")
