"""Bounds of what the fuzz test runs: of an example, and of study files, each in a process of its own.

Such a file is Python. Whatever it does, it ends, blocks or changes nothing but its own process.
"""

import json
import os
import resource
import signal
import subprocess
import sys
import threading
import traceback
from contextlib import contextmanager
from pathlib import Path

from analysis.problem import Problem

SECONDS, MEMORY = 10, 2 << 30  # of a file, in seconds of CPU and of wall time, and in bytes
ENDED = "the process ended"


PATIENCE, ROOM = 60, 4 << 30  # seconds and bytes of address space that an example may take


def answered(*reads):
    """Run each; a Problem of one line is an answer."""
    for read in reads:
        try:
            read()
        except Problem as problem:
            assert "\n" not in str(problem), problem


@contextmanager
def bounded(seconds=PATIENCE, room=ROOM):
    """What runs in the block can take no more address space than now and `room`, and no more than `seconds`."""

    def stop(*_):
        raise AssertionError(f"an example takes more than {seconds} s")

    soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    pages = int(Path("/proc/self/statm").read_text().split()[0])
    here = threading.current_thread() is threading.main_thread()
    before = signal.signal(signal.SIGALRM, stop) if here else None
    try:
        resource.setrlimit(resource.RLIMIT_AS, (pages * resource.getpagesize() + room, hard))
        signal.setitimer(signal.ITIMER_REAL, seconds if here else 0)
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        resource.setrlimit(resource.RLIMIT_AS, (soft, hard))
        if here:
            signal.signal(signal.SIGALRM, before)


class Apart:
    """A process that has read the suite's modules and makes a child of itself for each file. A context manager."""

    def __enter__(self) -> "Apart":
        command = [sys.executable, __file__]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        return self

    def __exit__(self, *_: object) -> None:
        self.process.stdin.close()
        self.process.stdout.close()
        self.process.wait()

    def study(self, path, seconds=SECONDS) -> tuple[str, str]:
        """What becomes of the file: ("study", its name), ("Problem", its text), or ("failed", why)."""
        self.process.stdin.write(json.dumps([str(path), seconds]) + "\n")
        self.process.stdin.flush()
        return tuple(json.loads(self.process.stdout.readline()))


def _child(path: str, seconds: int, answer: int) -> None:
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_FSIZE, (1 << 20, 1 << 20))
    signal.alarm(seconds)
    sys.stdin = open(os.devnull)  # noqa: SIM115
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
    os.dup2(2, 1)
    os.setsid()
    try:
        found = ("study", find_study(path).name)
    except Problem as problem:
        found = ("Problem", str(problem))
    except BaseException:  # the failure that is looked for
        found = ("failed", traceback.format_exc())
    os.write(answer, json.dumps(found).encode()[: 1 << 15])


def _serve() -> None:
    for line in sys.stdin:
        path, seconds = json.loads(line)
        reading, writing = os.pipe()
        child = os.fork()
        if not child:
            try:
                _child(path, seconds, writing)
            finally:
                os._exit(0)
        os.close(writing)
        _, status = os.waitpid(child, 0)  # an answer fits into the pipe
        answer = os.read(reading, 1 << 16)
        os.close(reading)
        try:
            text = json.dumps(json.loads(answer))
        except ValueError:
            text = json.dumps(["failed", f"{ENDED} ({os.waitstatus_to_exitcode(status)})"])
        print(text, flush=True)


if __name__ == "__main__":
    from experiments.studies.registry import find_study

    _serve()
