"""The store: one JSON file a record, whole or absent, safe for several sweeps at once."""

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from analysis.files import write_whole
from analysis.problem import Problem
from analysis.trials.record import NewerSchema, Record, parse_record
from analysis.trials.trial import Trial


class Store:
    """Records below a folder, each in data set/recipe/id.json.

    A file is only ever replaced whole (temporary file, fsync, rename), so that a killed process leaves a record or
    none. Claims are locks of the operating system in a folder of their own. They end with the process that holds
    them, however it ends. On a network file system both need a server that supports flock.
    """

    def __init__(self, folder: Path):
        self.folder = Path(folder)

    def find(self, trial: Trial) -> Record | None:
        """The record of `trial`, or None without a good one.

        Raises:
            NewerSchema: there is one that this program cannot read and must not replace.
        """
        try:
            return self._read(self.folder / trial.path)
        except NewerSchema:
            raise
        except (FileNotFoundError, Problem):
            return None

    def write(self, record: Record) -> Path:
        """Write `record` under its trial's name. An interrupt waits until that is done.

        Raises:
            Problem: the folder cannot be written to, or the disk is full; what was there stays.
        """
        with _interrupts_held():
            return write_whole(self.folder / record.trial.path, record.to_json())

    def records(self) -> tuple[list[Record], list[str]]:
        """All good records in order of their paths, and one line for each file that is none, saying why."""
        good, bad = [], []
        for path in sorted(self.folder.glob("*/*/*.json"), key=str):
            try:
                good.append(self._read(path))
            except (Problem, FileNotFoundError) as problem:
                bad.append(str(problem))
        return good, bad

    @contextmanager
    def claim(self, trial: Trial) -> Iterator[bool]:
        """Hold `trial` against other sweeps; gives False if another one holds it.

        Whoever holds it clears away what a killed sweep has left half written of it.

        Raises:
            Problem: the folder cannot be written to, or the disk is full.
        """
        folder, path = self.folder / ".claims", self.folder / trial.path
        lock = FileLock(folder / f"{trial.id}.lock", thread_local=False)
        try:
            if not (folder / ".gitignore").exists():
                write_whole(folder / ".gitignore", b"*\n")
            lock.acquire(timeout=0)
            for rest in path.parent.glob(f".{path.name}.*"):
                rest.unlink(missing_ok=True)
        except Timeout:
            yield False
            return
        except OSError as error:
            lock.release()
            raise Problem(
                f"cannot write to {self.folder}: {error.strerror}; free space or permissions there, or choose another"
            ) from error
        try:
            yield True
        finally:
            lock.release()

    def _read(self, path: Path) -> Record:
        try:
            record = parse_record(path.read_bytes())
        except FileNotFoundError:
            raise
        except NewerSchema as problem:
            raise NewerSchema(f"{path}: {problem}") from problem
        except (OSError, Problem) as problem:
            reason = problem.strerror if isinstance(problem, OSError) else problem
            raise Problem(f"{path}: {reason}; left out, delete it to run the trial again") from problem
        if record.trial.path != "/".join(path.parts[-3:]):
            raise Problem(f"{path} holds the record of {record.trial.path}: left out, move it there or delete it")
        return record


@contextmanager
def _interrupts_held() -> Iterator[None]:
    """Hold an interrupt back until the block has ended. Only the main thread gets interrupts."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    held = []
    before = signal.signal(signal.SIGINT, lambda number, place: held.append(number))
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
        if held and callable(before):
            before(signal.SIGINT, None)
