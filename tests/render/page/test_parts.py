"""The grid of a table has its cells as a person reads them."""

from hypothesis import given
from hypothesis import strategies as st

from analysis.render.page.parts import grid
from analysis.render.table import Note, Table


def test_numbers_have_true_minus_signs_and_words_keep_their_hyphens():
    made = grid("t", Table("Title", ("arm", "x"), [("-a | b", -1.5), ("c", 2000)], digits=1))
    assert (made.name, made.title, made.columns, made.numeric) == ("t", "Title", ("arm", "x"), (False, True))
    assert made.rows == (("-a | b", "−1.5"), ("c", "2,000"))


def test_ends_of_an_interval_from_one_run_are_blank():
    table = Table("t", ("low", "high"), [(float("-inf"), float("inf")), (-1.0, 2.0)])
    assert grid("t", table).rows == (("", ""), ("−1.00", "2.00"))
    assert table.csv() == "low,high\n-inf,inf\n-1.0,2.0\n"


def test_notes_are_lines_and_the_csv_is_that_of_the_table():
    table = Table("t", ("a",), [(1,)], ("Plain.", Note("reading", "`a`: one"), Note("beside", "a - b")))
    made = grid("t", table, folded=True)
    assert made.notes == ("Plain.", "`a`: one", "- a - b")
    assert (made.csv, made.folded) == (table.csv(), True)


def test_a_table_without_rows_has_its_heading():
    made = grid("t", Table("t", ("a", "b"), []))
    assert (made.columns, made.rows, made.numeric) == (("a", "b"), (), (False, False))


@given(st.lists(st.tuples(st.text(), st.floats() | st.integers() | st.none()), max_size=5))
def test_no_text_changes_the_number_of_cells(rows):
    made = grid("t", Table("t", ("words", "x"), rows))
    assert [len(row) for row in made.rows] == [2] * len(rows)
    assert [row[0] for row in made.rows] == [words for words, _ in rows]
