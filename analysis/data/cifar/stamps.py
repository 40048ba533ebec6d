"""Digests of files, remembered as long as the files are not touched."""

import hashlib
import json
from contextlib import suppress
from pathlib import Path

from analysis.data.reading import reading
from analysis.files import write_whole
from analysis.problem import Problem


def file_digest(path: Path, memory: Path) -> str:
    """SHA-256 (hex) of a file, from the folder `memory` if size, times and inode are the remembered ones.

    The time of the last status change cannot be set back by ordinary means, so a file replaced by one of the
    same size and date is noticed. What cannot be remembered is computed again.

    Raises:
        Problem: the file cannot be read.
    """
    with reading(path):
        status = path.stat()
    mark = [str(path.absolute()), status.st_size, status.st_mtime_ns, status.st_ctime_ns, status.st_ino]
    stamp = memory / f"{hashlib.sha256(mark[0].encode()).hexdigest()[:32]}.json"
    with suppress(OSError, ValueError, KeyError, TypeError):
        remembered = json.loads(stamp.read_bytes())
        if remembered["mark"] == mark:
            return str(remembered["sha256"])
    with reading(path), path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    with suppress(Problem):
        write_whole(stamp, json.dumps({"mark": mark, "sha256": digest}).encode())
    return digest
