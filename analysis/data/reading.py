"""Files of a data set, read with the errors that a user can mend."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from analysis.problem import Problem

AGAIN = "download it again, or point to another copy"


@contextmanager
def reading(path: Path) -> Iterator[None]:
    """Turn what the operating system says about `path` into one line.

    Raises:
        Problem: not there, no permission, not readable.
    """
    try:
        yield
    except FileNotFoundError as error:
        raise Problem(f"{path} does not exist; {AGAIN}") from error
    except PermissionError as error:
        raise Problem(
            f"no permission to read {error.filename or path}; allow it (chmod u+r, on folders u+rx), "
            "or point to another copy"
        ) from error
    except OSError as error:
        raise Problem(f"cannot read {path}: {error.strerror or error}; {AGAIN}") from error
    except MemoryError as error:
        raise Problem(f"{path} asks for more memory than there is; {AGAIN}") from error


def first_line(error: Exception) -> str:
    """What `error` says, in one line without a full stop; its type if it says nothing."""
    return next(iter(str(error).splitlines()), "").rstrip(".: ") or type(error).__name__
