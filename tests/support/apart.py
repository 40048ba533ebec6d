"""Studies of mutated files, each run in a process of its own that has little time and memory.

Such a file is Python. Whatever it does, it ends, blocks or changes nothing but its own process.
"""

import json
import os
import resource
import signal
import subprocess
import sys
import traceback

SECONDS, MEMORY = 10, 2 << 30  # of a file, in seconds of CPU and of wall time, and in bytes
ENDED = "the process ended"


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
    from analysis.problem import Problem
    from experiments.studies.registry import find_study

    _serve()
