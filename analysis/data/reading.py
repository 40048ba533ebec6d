"""Files of a data set, read with the errors that a user can correct."""

import codecs
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from analysis.files import stand_in
from analysis.problem import Problem

AGAIN = "download it again, or point to another copy"
MARKS = {  # at the start of a file -> its encoding; the longest first
    codecs.BOM_UTF32_LE: "utf-32",
    codecs.BOM_UTF32_BE: "utf-32",
    codecs.BOM_UTF8: "utf-8-sig",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}


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
        raise Problem(f"cannot read {path}: {error.strerror or first_line(error)}; {AGAIN}") from error
    except MemoryError as error:
        raise Problem(f"{path} asks for more memory than there is; {AGAIN}") from error


def read_lines(path: Path) -> list[str]:
    """The lines of a text that are not empty, without white space at their ends. The text is UTF-8, or what its byte
    order mark says.

    Raises:
        Problem: it cannot be read, or is text of another encoding.
    """
    with reading(path):
        content = path.read_bytes()
    refuse_stand_in(content, str(path))
    text = decoded_text(content, str(path))
    return [line.strip() for line in re.split(r"\r\n|\r|\n", text) if line.strip()]


def decoded_text(content: bytes, origin: str, encoding: str = "utf-8") -> str:
    """The text that `content` is in the encoding of its byte order mark, else in `encoding`.

    Raises:
        Problem: it is not, or the encoding is unknown. It names `origin`.
    """
    encoding = next((name for mark, name in MARKS.items() if content.startswith(mark)), encoding)
    try:
        text = content.decode(encoding)
    except (LookupError, ValueError) as error:  # ValueError: all errors of decoding
        raise Problem(f"{origin} is not text in the encoding {encoding}; save it as UTF-8") from error
    if "\0" in text:
        raise Problem(f"{origin} holds zero bytes, as UTF-16 without a byte order mark does; save it as UTF-8")
    return text


def refuse_stand_in(content: bytes, origin: str) -> None:
    """Refuse what failed downloads leave in the place of a file that is not empty.

    Raises:
        Problem: a pointer of Git LFS, or an HTML page. It names `origin`.
    """
    if content and (stood := stand_in(content[:100])):
        raise Problem(f"{origin} {stood}")


def first_line(error: Exception) -> str:
    """What `error` says, in one line without a full stop; its type if it says nothing."""
    return next(iter(str(error).splitlines()), "").rstrip(".: ") or type(error).__name__
