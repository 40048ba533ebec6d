"""What the operating system says of a file becomes one line with the remedy."""

from pathlib import Path

import pytest

from analysis.data.reading import first_line, reading
from analysis.problem import Problem

PATH = Path("data/train.png")


@pytest.mark.parametrize(
    ("error", "line"),
    [
        (FileNotFoundError(2, "No such file"), "data/train.png does not exist; download it again"),
        (PermissionError(13, "Permission denied", "data"), "no permission to read data; allow it (chmod u+r"),
        (PermissionError(13, "Permission denied"), "no permission to read data/train.png; allow it"),
        (IsADirectoryError(21, "Is a directory"), "cannot read data/train.png: Is a directory; download it again"),
        (OSError("a reason of its own"), "cannot read data/train.png: a reason of its own; download it again"),
        (MemoryError(), "data/train.png asks for more memory than there is; download it again"),
    ],
)
def test_an_error_of_the_system_is_one_line(error: Exception, line: str) -> None:
    with pytest.raises(Problem) as raised, reading(PATH):
        raise error
    assert str(raised.value).startswith(line)
    assert "\n" not in str(raised.value)
    assert raised.value.__cause__ is error


@pytest.mark.parametrize("error", [ValueError("odd"), Problem("said already")])
def test_other_errors_pass(error: Exception) -> None:
    with pytest.raises(type(error), match=str(error)) as raised, reading(PATH):
        raise error
    assert raised.value is error


@pytest.mark.parametrize(
    ("error", "line"),
    [
        (ValueError("first. \nsecond"), "first"),
        (ValueError("cut: "), "cut"),
        (ValueError(""), "ValueError"),
        (ValueError("\n"), "ValueError"),
    ],
)
def test_the_first_line_of_an_error(error: Exception, line: str) -> None:
    assert first_line(error) == line
