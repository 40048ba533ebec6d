"""A user's code runs as if alone in a program; what it does badly is one line."""

import os
import sys

import pytest

from analysis.problem import Problem
from analysis.users_code import first_line, users_code


def run(folder, code, program="mine.py"):
    with users_code("mine", folder, program):
        exec(code, {})


def test_what_it_finds_and_prints_and_changes_is_its_own(tmp_path, capsys):
    before = list(sys.path), list(sys.argv), os.getcwd()
    code = f"import sys, os; assert sys.argv == ['mine.py'] and sys.path[0] == {str(tmp_path)!r}; print('hello')"
    run(tmp_path, f"{code}; sys.path.append('x'); sys.argv.append('y'); os.chdir('/')")
    assert (list(sys.path), list(sys.argv), os.getcwd()) == before
    captured = capsys.readouterr()
    assert (captured.out, captured.err) == ("", "hello\n")


@pytest.mark.parametrize(
    ("code", "line"),
    [
        ("1 / 0", "mine: ZeroDivisionError: division by zero"),
        ("raise ValueError('\\n first\\nsecond')", "mine: ValueError: first"),
        ("import sys; sys.exit('set NET first')", "mine: it ends the program (set NET first); it is to work on import"),
        ("raise SystemExit", "mine: it ends the program; it is"),
        ("import sys; sys.exit(2)", "mine: it ends the program (2)"),
        (
            "import argparse as a; p = a.ArgumentParser(); p.add_argument('x'); p.parse_args()",
            "mine: it ends the program (2",
        ),
        ("raise GeneratorExit", "mine: GeneratorExit: "),
        ("import asyncio; raise asyncio.CancelledError('late')", "mine: CancelledError: late"),
        ("raise BaseExceptionGroup('two', [KeyError(1), GeneratorExit()])", "mine: BaseExceptionGroup: two"),
        ("from analysis.problem import Problem; raise Problem('of its own')", "of its own"),
    ],
)
def test_what_goes_wrong_is_one_line(tmp_path, code, line):
    with pytest.raises(Problem) as raised:
        run(tmp_path, code)
    assert str(raised.value).startswith(line) and "\n" not in str(raised.value)


def test_an_interrupt_passes(tmp_path):
    with pytest.raises(KeyboardInterrupt):
        run(tmp_path, "raise KeyboardInterrupt")


@pytest.mark.parametrize("name", ["analysis", "experiments"])
@pytest.mark.parametrize("kind", ["folder", "file"])
def test_a_package_called_like_one_of_ours_is_named(tmp_path, name, kind):
    if kind == "folder":
        (tmp_path / name).mkdir()
        (tmp_path / name / "mine.py").write_text("x = 1")
    else:
        (tmp_path / f"{name}.py").write_text("mine = 1")
    with pytest.raises(Problem, match=f"this suite has a package {name} too: rename yours, .*{name}"):
        run(tmp_path, f"from {name}.mine import x" if kind == "folder" else f"from {name} import mine")
    with pytest.raises(Problem, match="^mine: ModuleNotFoundError: No module named 'nowhere'"):
        run(tmp_path / "elsewhere", "import nowhere")


def test_the_first_line_of_an_error():
    assert (first_line(ValueError("\n a \nb")), first_line(ValueError())) == ("a", "")
