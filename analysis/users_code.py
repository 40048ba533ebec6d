"""Running Python files and modules of a user: as if alone in a program, with whatever they do as one line."""

import contextlib
import os
import sys
from collections.abc import Iterator
from pathlib import Path

from analysis.problem import Problem

OURS = ("analysis", "experiments")  # packages of this suite; a user's own of that name cannot be imported


@contextlib.contextmanager
def users_code(what: str, folder: Path, program: str) -> Iterator[None]:
    """Run a user's Python in the block: it finds the files of `folder`, `sys.argv` is [program], and what it prints
    goes to standard error. Afterwards `sys.path`, `sys.argv` and the current folder are what they were.

    Raises:
        Problem: it raises anything, or ends the program. It names `what`.
    """
    path, arguments, place = list(sys.path), sys.argv, os.getcwd()
    sys.path.insert(0, str(folder))
    sys.argv = [program]
    try:
        with contextlib.redirect_stdout(sys.stderr):
            yield
    except (Problem, KeyboardInterrupt):
        raise
    except SystemExit as error:
        reason = f" ({first_line(error)})" if error.code not in (None, 0) else ""
        raise Problem(f"{what}: it ends the program{reason}; it is to work on import, without arguments") from error
    except BaseException as error:  # whatever a user's own code raises
        raise Problem(f"{what}: {type(error).__name__}: {first_line(error)}{_collision(folder, error)}") from error
    finally:
        sys.path[:], sys.argv = path, arguments
        os.chdir(place)


def first_line(error: BaseException) -> str:
    """The first line of what an error says, or "" if it says nothing."""
    return next((line.strip() for line in str(error).splitlines() if line.strip()), "")


def _collision(folder: Path, error: BaseException) -> str:
    """Why an import of a user's package may have failed: it is called like one of this suite."""
    if isinstance(error, ImportError | AttributeError):
        for name in OURS:
            place = folder / name
            if (place.is_dir() or place.with_suffix(".py").is_file()) and place.resolve() != _ours(name):
                return f" (this suite has a package {name} too: rename yours, {place})"
    return ""


def _ours(name: str) -> Path:
    return (Path(__file__).resolve().parents[1] / name).resolve()
