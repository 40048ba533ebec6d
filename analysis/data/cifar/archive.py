"""Members of a tar archive, read in memory; nothing is extracted."""

import tarfile
import zlib
from collections.abc import Sequence
from pathlib import Path, PurePosixPath

from analysis.data.reading import AGAIN, first_line, reading, refuse_stand_in
from analysis.problem import Problem

LIMIT = 256 * 2**20  # bytes a member; the largest of CIFAR has 155 million


def read_members(path: Path, names: Sequence[str], optional: Sequence[str] = ()) -> dict[str, bytes]:
    """Contents of the regular files called `names`, in whatever folder of the archive, and of those called `optional`
    that come before the last of them.

    Raises:
        Problem: the archive is unreadable, cut, damaged or lacks a member; or a member is too large to be
        genuine.
    """
    contents: dict[str, bytes] = {}
    with reading(path), path.open("rb") as stream:
        refuse_stand_in(stream.read(100), str(path))
    with reading(path):
        try:
            with tarfile.open(path, "r:" if path.suffix == ".tar" else "r:gz") as archive:
                for member in archive:
                    name = PurePosixPath(member.name).name
                    if name in (*names, *optional) and member.isreg() and name not in contents:
                        contents[name] = _content(archive, member, path)
                    if all(wanted in contents for wanted in names):
                        break
        except (tarfile.TarError, EOFError, zlib.error) as error:
            raise Problem(f"{path} is cut or damaged ({first_line(error)}); {AGAIN}") from error
    missing = [name for name in names if name not in contents]
    if missing:
        raise Problem(f"{path} lacks {', '.join(missing)}; {AGAIN}")
    return contents


def _content(archive: tarfile.TarFile, member: tarfile.TarInfo, path: Path) -> bytes:
    if member.size > LIMIT:
        raise Problem(f"{path}: {member.name} has {member.size} bytes, too many for this data set; {AGAIN}")
    stream = archive.extractfile(member)
    content = stream.read() if stream else b""
    if len(content) != member.size:
        raise Problem(f"{path} is cut inside {member.name}; {AGAIN}")
    return content
