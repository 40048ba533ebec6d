"""A user's study file runs as a program of its own would: with helpers next to it, dataclasses, without arguments."""

import os
import sys

import pytest

from analysis.problem import Problem
from experiments.studies.registry import find_study

END = """
from analysis.arch import preset
from experiments.study import Study

STUDY = Study("mine", "Which?", {"a": preset("brief"), "b": preset("brief", width=WIDTH)})
"""
DATACLASS = """
from __future__ import annotations
from dataclasses import dataclass, field
from typing import ClassVar, NamedTuple
import pickle

@dataclass
class Width:
    kind: ClassVar[str] = "width"
    value: float = 0.5
    others: list[Width] = field(default_factory=list)

class Pair(NamedTuple):
    first: Width

assert pickle.loads(pickle.dumps(Width())) == Width()
WIDTH = Pair(Width()).first.value
"""
ARGUMENTS = """
import argparse
parser = argparse.ArgumentParser()
parser.add_argument("--width", type=float, default=0.5)
WIDTH = parser.parse_args().width
"""
STARTS = {
    "a dataclass": DATACLASS,
    "a frozen one": DATACLASS.replace("@dataclass\n", "@dataclass(frozen=True, slots=True)\n").replace(
        "others: list", "o: list"
    ),
    "arguments": ARGUMENTS,
    "sys.argv": "import sys\nWIDTH = float(sys.argv[1]) if len(sys.argv) > 1 else 0.5\n",
    "a helper": "from helper_of_mine import WIDTH\n",
    "a package": "from package_of_mine.inner import WIDTH\n",
    "a main": "WIDTH = 0.5\nif __name__ == '__main__':\n    raise SystemExit\n",
    "its own folder": "from pathlib import Path\nWIDTH = float((Path(__file__).parent / 'width.txt').read_text())\n",
    "a byte order mark": "\ufeffWIDTH = 0.5\n",
    "prints": "print('hello')\nWIDTH = 0.5\n",
    "another folder": "import os\nos.chdir('/')\nWIDTH = 0.5\n",
}


@pytest.fixture
def folder(tmp_path, monkeypatch):
    (tmp_path / "helper_of_mine.py").write_text("WIDTH = 0.5\n")
    (tmp_path / "package_of_mine").mkdir()
    (tmp_path / "package_of_mine" / "inner.py").write_text("WIDTH = 0.5\n")
    (tmp_path / "width.txt").write_text("0.5")
    monkeypatch.setattr(sys, "argv", ["mnv2", "study", "show", "x.py", "--results", "nowhere"])
    yield tmp_path
    for name in [name for name in sys.modules if "of_mine" in name]:
        del sys.modules[name]


@pytest.mark.parametrize("start", STARTS)
@pytest.mark.parametrize("name", ["mine.py", "my study.PY", "json.py", "torch.py"])
def test_a_file_runs_as_its_own_program(folder, start, name, capsys):
    (folder / name).write_text(STARTS[start] + END, encoding="utf-8")
    before = list(sys.path), list(sys.argv), os.getcwd()
    assert find_study(str(folder / name)).arms["b"].width == 0.5
    assert before == (list(sys.path), list(sys.argv), os.getcwd())
    assert capsys.readouterr().out == ""


def test_a_relative_path_is_found(folder, monkeypatch):
    (folder / "mine.py").write_text("from helper_of_mine import WIDTH\n" + END)
    monkeypatch.chdir(folder)
    assert find_study("mine.py").command == "mnv2 study run mine.py"


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("import sys\nsys.exit()", "does not run: it ends the program; it is to work"),
        ("import sys\nsys.exit('set NET')", r"does not run: it ends the program \(set NET\)"),
        ("import argparse\np = argparse.ArgumentParser()\np.add_argument('x')\np.parse_args()", "it ends the program"),
        ("def f(:\n", "does not run: SyntaxError"),
        ("x = '\\\n", "does not run: SyntaxError"),
        ("raise ValueError('one\\ntwo')", "does not run: ValueError: one$"),
        ("from helper_of_another import WIDTH", "does not run: ModuleNotFoundError"),
        ("", "has no STUDY"),
    ],
)
def test_a_file_that_does_not_run_is_one_line(folder, content, words):
    (folder / "mine.py").write_text(content)
    with pytest.raises(Problem, match=words) as raised:
        find_study(str(folder / "mine.py"))
    assert "mine.py" in str(raised.value) and "\n" not in str(raised.value)


@pytest.mark.parametrize("content", [b"\xff\xfe", b"\0", "ä = 1".encode("latin-1"), b"# coding: nowhere\n"])
def test_bytes_that_are_no_python_are_one_line(folder, content):
    (folder / "mine.py").write_bytes(content)
    with pytest.raises(Problem, match=r"mine\.py does not run: \w+Error"):
        find_study(str(folder / "mine.py"))


@pytest.mark.parametrize("package", ["experiments", "analysis"])
def test_a_package_called_like_one_of_ours_is_named(folder, package):
    (folder / package).mkdir()
    (folder / package / "__init__.py").write_text("")
    (folder / package / "widths.py").write_text("WIDTH = 0.5\n")
    (folder / "mine.py").write_text(f"from {package}.widths import WIDTH\n" + END)
    with pytest.raises(Problem, match=f"this suite has a package {package} too: rename yours"):
        find_study(str(folder / "mine.py"))
    (folder / "mine.py").write_text("WIDTH = 0.5\n" + END)  # it may be there
    assert find_study(str(folder / "mine.py")).name == "mine"


def test_a_folder_called_like_a_file_is_not_a_study(folder):
    (folder / "mine.py").mkdir()
    with pytest.raises(Problem, match="there is no study at"):
        find_study(str(folder / "mine.py"))
