"""One function writes every answer, and an answer knows its files before they are written."""

import json

import pytest
from matplotlib import pyplot

from analysis.problem import Problem
from analysis.render.table import Table
from analysis.stats import Verdict
from experiments.answers.answer import Answer, Drawing, write
from experiments.claims.evidence import Evidence


def figure():
    """A figure as the style makes it."""
    return pyplot.subplots()[0]


@pytest.mark.parametrize("verdicts", [None, [], [Verdict("claim", "supported", "here")]])
def test_it_writes_the_files_that_it_names(tmp_path, verdicts):
    table = Table("Title", ("a",), [(1,)])
    made = Answer(
        "stem",
        {"": table, "-more": table},
        {"stem": Drawing(figure, 1.5, 0.5), "folder/other": Drawing(figure, formats=("svg",))},
        verdicts,
        Evidence("study:pair", "cifar10", "brief", 1),
        {"rows/numbers.csv": b"1\n"},
    )
    paths = write(made, tmp_path)
    assert [path.relative_to(tmp_path).as_posix() for path in paths] == made.files
    assert {path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*.*")} == set(made.files)
    assert len(made.files) == 1 + 6 + 4 + (verdicts is not None)
    before = {path: path.read_bytes() for path in paths}
    write(made, tmp_path)
    assert {path: path.read_bytes() for path in paths} == before


def test_a_stored_verdict_carries_what_it_rests_on(tmp_path):
    evidence = Evidence("study:pair", "cifar10", "brief", 1, fresh=True)
    (path,) = write(Answer("stem", verdicts=[Verdict("claim", "supported", "here")], evidence=evidence), tmp_path)
    (row,) = json.loads(path.read_text())
    assert list(row)[:3] == ["id", "verdict", "where"]
    assert list(row.items())[-5:] == [
        *(("judge", "study:pair"), ("dataset", "cifar10"), ("recipe", "brief"), ("epochs", 1), ("fresh", True))
    ]


def test_a_style_that_is_not_there_is_a_problem(tmp_path):
    with pytest.raises(Problem, match="style"):
        write(Answer("stem", figures={"stem": Drawing(figure, look="poster")}), tmp_path)
