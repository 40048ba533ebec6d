"""Rows and conditions are kept below a name for their data, and read back."""

import json

import pytest

from analysis.manifold.trained.rows import Dimension, Positive, Recovery
from analysis.problem import Problem
from experiments.answers.answer import Answer, write
from experiments.measurements.patterns.rows import Measured, Rows, name_of, read, stored

ROWS = Rows(
    [Positive("baseline", 0, "initial", "b", False, 8, 48, 10, 1, 2, 3.25, 4, 0.5, 0.0, 1.0)],
    [Dimension("baseline", 0, "trained", "b", "input", 8, 8, 5.0, 3, 4.0, 0)],
    [Recovery("baseline", 0, "trained", "b", 8, 48, 0.5, 0.75)],
)


@pytest.mark.parametrize(("dataset", "name"), [("cifar10", "patterns"), ("synthetic", "patterns-synthetic")])
def test_they_come_back(tmp_path, dataset, name):
    made = Measured(ROWS, {"note": "here", "dataset": dataset})
    assert made.name == name_of(dataset) == name
    write(Answer(name, kept=made.kept), tmp_path)
    assert stored(tmp_path) == [made]


def test_the_first_stored_form_had_no_data_set_and_was_of_cifar10(tmp_path):
    made = Measured(ROWS, {"note": "here", "dataset": "cifar10"})
    write(Answer("patterns", kept=made.kept), tmp_path)
    path = tmp_path / "patterns" / "conditions.json"
    path.write_text(json.dumps({"note": "here"}))
    assert read(tmp_path / "patterns") == made
    (tmp_path / "patterns").rename(tmp_path / "patterns-mine")
    with pytest.raises(Problem, match="does not say on what was measured: measure again"):
        read(tmp_path / "patterns-mine")
