"""Files that are whole or absent."""

import os
import tempfile
from pathlib import Path

from analysis.problem import Problem


def write_whole(path: Path, content: bytes) -> Path:
    """Write `content` to `path` through a temporary file in the same folder, synced, then renamed.

    Raises:
        Problem: no permission, a full disk, a path that is no folder; `path` is left as it was.
    """
    temporary = None
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.chmod(temporary, 0o666 & ~_umask())
        os.replace(temporary, path)
        temporary = None
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
    except OSError as error:
        raise Problem(
            f"cannot write {path}: {error.strerror}; free space or permissions there, or choose another folder"
        ) from error
    finally:
        if temporary:
            Path(temporary).unlink(missing_ok=True)
    return path


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
