"""Atomic writes (a file is complete or absent), the cache folder for files that can be made again, and what failed
downloads leave in the place of a file."""

import hashlib
import os
import tempfile
from pathlib import Path

from analysis.problem import Problem


def cache_folder() -> Path:
    """The user's cache folder for this suite. The environment variable MNV2_CACHE_DIR overrides it."""
    chosen = os.environ.get("MNV2_CACHE_DIR")
    if not chosen:
        import platformdirs

        chosen = platformdirs.user_cache_dir("mobilenetv2-ablations", False)
    return Path(chosen).expanduser()


def write_whole(path: Path, content: bytes) -> Path:
    """Write `content` to `path` through a temporary file in the same folder, synced, then renamed.

    Raises:
        Problem: a full disk, a missing permission, or a parent that is not a folder. `path` is left unchanged.
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
            f"cannot write {path} ({error.strerror}): free space, change permissions or choose another folder"
        ) from error
    finally:
        if temporary:
            Path(temporary).unlink(missing_ok=True)
    return path


def content_digest(path: Path) -> str:
    """SHA-256 (hex) of a file's content.

    Raises:
        Problem: it cannot be read.
    """
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise Problem(f"{path} cannot be read ({error.strerror}): name a file that is there") from error


def stand_in(start: bytes) -> str:
    """What a file is that begins with the bytes `start` in the place of another one, and what to do. Else ""."""
    text = start.removeprefix(b"\xef\xbb\xbf").lstrip()[:100].lower()
    if not start:
        return "is empty: get it again"
    if text.startswith((b"version https://git-lfs", b"version https://hawser")):
        return "is a pointer of Git LFS, not the file itself: run git lfs pull"
    if text.startswith((b"<!doctype html", b"<html")) or (text.startswith(b"<!--") and b"<html" in text):
        return "is an HTML page, as a failed download leaves: get the file itself"
    return ""


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
