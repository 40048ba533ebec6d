"""Executable scripts, which take the place of a compiler."""

import stat
from pathlib import Path


def script(path: Path, lines: str) -> str:
    """An executable shell script."""
    path.write_text(f"#!/bin/sh\n{lines}\n")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return str(path)
