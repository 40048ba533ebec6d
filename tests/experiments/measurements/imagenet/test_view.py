"""Tables, figures and verdicts of published networks, from what was measured."""

import re

from analysis.render.table import Table
from experiments.answers.answer import write
from experiments.measurements.imagenet.rows import Measured, Rows, stored
from experiments.measurements.imagenet.view import answer, operating_answer, published_accuracy


def test_an_answer_has_a_table_for_all_that_was_measured(measured, tmp_path):
    (found,) = stored(measured[0])
    made = answer(found)
    assert list(made.tables) == ["", "-order", "-low", "-networks", "-layers", "-dimension", "-bent", "-six", "-twin"]
    assert set(made.figures) == {f"imagenet-{stem}" for stem in ("order", "low", "layers", "bent")}
    assert made.verdicts == []  # the networks of the rules are not these
    paths = write(made, tmp_path)
    assert [str(path.relative_to(tmp_path)) for path in paths] == made.files
    text = made.tables[""].markdown()
    assert "71.800" in text and re.search(r"integers .*\| +100.000", text)
    assert all(any(found.note in str(note) for note in table.notes) for table in made.tables.values())


def test_without_rows_there_are_no_tables():
    assert answer(Measured(Rows([], [], [], [], [], [], [], []), {"note": "n", "digest": "d"})).tables == {}


def test_published_accuracy_is_the_authors():
    assert published_accuracy()["mobilenet_v2_1.0_224"] == 71.8 and len(published_accuracy()) == 22
    assert operating_answer(Table("t", ("a",), [])).files[0] == "tables/imagenet-operating.md"
