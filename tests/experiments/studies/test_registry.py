"""Studies are found by name or by the path of a user's file, and each is a document of its own."""

import importlib

import pytest

from analysis.problem import Problem
from experiments.studies.registry import STUDIES, find_study

OWN = """
from analysis.arch import preset
from experiments.study import Study

STUDY = Study("mine", "Which?", {"a": preset("brief"), "b": preset("brief", shortcut="none")})
"""


@pytest.mark.parametrize("name", STUDIES)
def test_a_study_has_the_name_that_finds_it_and_its_document_says_how_to_run_it(name):
    assert find_study(name).name == name
    text = importlib.import_module(STUDIES[name]).__doc__
    assert "What it does not show" in text and f"mnv2 study show {name}" in text
    assert ("mnv2 run" if name == "headline" else find_study(name).command) in text


def test_an_unknown_name_is_one_line_with_the_nearest():
    with pytest.raises(Problem, match="did you mean 'headline'"):
        find_study("headlines")


def test_a_study_of_your_own_is_found_by_its_path_and_says_so_in_its_command(tmp_path):
    path = tmp_path / "my study.py"
    path.write_text(OWN)
    assert find_study(str(path)).command == f"mnv2 study run '{path}'"


@pytest.mark.parametrize(
    ("content", "why"),
    [
        ("1 / 0", "does not run: ZeroDivisionError"),
        ("STUDY = 3", "has no STUDY"),
        ("from analysis.problem import Problem\nraise Problem('of its own')", "^of its own$"),
    ],
)
def test_a_file_without_a_study_is_one_line(tmp_path, content, why):
    (tmp_path / "mine.py").write_text(content)
    with pytest.raises(Problem, match=why):
        find_study(str(tmp_path / "mine.py"))


def test_a_path_that_leads_nowhere_says_so(tmp_path):
    with pytest.raises(Problem, match=r"there is no study at .*gone\.py"):
        find_study(str(tmp_path / "gone.py"))
