"""The store: one JSON file a record, whole or absent, safe for several sweeps at once."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from analysis.files import write_whole
from analysis.problem import Problem
from analysis.trials.record import Record, parse_record
from analysis.trials.trial import Trial


class Store:
    """Records below a folder, each in data set/recipe/id.json.

    A file is only ever replaced whole (temporary file, fsync, rename), so that a killed process leaves a record or
    none. Claims are locks of the operating system in a folder of their own; they end with the process that holds
    them, however it ends. On a network file system both need a server that supports flock.
    """

    def __init__(self, folder: Path):
        self.folder = Path(folder)

    def find(self, trial: Trial) -> Record | None:
        """The record of `trial`, or None if there is no good one."""
        path = self.folder / trial.path
        try:
            return self._read(path)
        except (FileNotFoundError, Problem):
            return None

    def write(self, record: Record) -> Path:
        """Write `record` under its trial's name.

        Raises:
            Problem: the folder cannot be written to, or the disk is full; what was there stays.
        """
        return write_whole(self.folder / record.trial.path, record.to_json())

    def records(self) -> tuple[list[Record], list[str]]:
        """All good records in order of their paths, and one line for each file that is none, saying why."""
        good, bad = [], []
        for path in sorted(self.folder.glob("*/*/*.json")):
            try:
                good.append(self._read(path))
            except (Problem, FileNotFoundError) as problem:
                bad.append(str(problem))
        return good, bad

    @contextmanager
    def claim(self, trial: Trial) -> Iterator[bool]:
        """Hold `trial` against other sweeps; gives False if another one holds it.

        Raises:
            Problem: the folder cannot be written to.
        """
        lock = self._lock(trial)
        try:
            lock.acquire(timeout=0)
        except Timeout:
            yield False
            return
        try:
            yield True
        finally:
            lock.release()

    def _lock(self, trial: Trial) -> FileLock:
        folder = self.folder / ".claims"
        try:
            folder.mkdir(parents=True, exist_ok=True)
            (folder / ".gitignore").write_text("*\n")
        except OSError as error:
            raise Problem(f"cannot write to {self.folder}: {error.strerror}; choose a folder of yours") from error
        return FileLock(folder / f"{trial.id}.lock", thread_local=False)

    def _read(self, path: Path) -> Record:
        try:
            record = parse_record(path.read_bytes())
        except FileNotFoundError:
            raise
        except (OSError, Problem) as problem:
            reason = problem.strerror if isinstance(problem, OSError) else problem
            raise Problem(f"{path}: {reason}; left out, delete it to run the trial again") from problem
        if record.trial.path != path.relative_to(self.folder).as_posix():
            raise Problem(f"{path} holds the record of {record.trial.path}: left out, move it there or delete it")
        return record
