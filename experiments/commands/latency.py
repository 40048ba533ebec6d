"""`mnv2 latency`: how long the published networks take on this machine, and what that follows."""

import json as jsonlib
import sys
from pathlib import Path
from typing import Literal

from analysis.problem import Problem
from experiments.commands.doctor import installation


def main(
    threads: int = 1,
    rounds: int = 20,
    seconds: float = 0.15,
    runtimes: tuple[Literal["eager", "onnxruntime"], ...] = ("eager", "onnxruntime"),
    widths: tuple[float, ...] = (),
    json: bool = False,
    results: Path = Path("results"),
) -> None:
    """Time one image through each of the 22 published checkpoints, and compare with MAdds, parameters, peak memory and
    the published times of a Pixel 1. Write JSON, tables, a figure and the verdict on latency-follows-madds.

    Takes about eight minutes, nearly half of them to export, and means little on a machine that does anything else.

    Args:
        threads: of each runtime. The claim is judged at 1.
        rounds: times that every network has its turn.
        seconds: of a turn.
        runtimes: eager torch, ONNX Runtime (extra `export`).
        widths: only the checkpoints of these widths. The claim is then not judged.
        json: print JSON and write nothing.
        results: folder to write to.

    Raises:
        Problem: turns, threads or widths that leave nothing to measure or to judge.
    """
    from experiments.answers.answer import write
    from experiments.measurements.latency.measure import measure
    from experiments.measurements.latency.rows import published
    from experiments.measurements.latency.view import answer, line, tables, values

    if threads < 1 or rounds < 1 or seconds <= 0 or not runtimes:
        raise Problem("--threads and --rounds are at least 1, --seconds above 0, --runtimes one or two")
    chosen = [row for row in published() if not widths or row["width"] in widths]
    if len(chosen) < 5:
        raise Problem("fewer than five checkpoints have these widths; published are 0.35, 0.5, 0.75, 1.0, 1.3 and 1.4")
    measured = measure(chosen, available(runtimes), threads, rounds, seconds)
    if json:
        print(jsonlib.dumps(values(measured), indent=2))
        return
    for table in tables(measured):
        print(table.markdown())
    print(line(measured))
    print("\n".join(map(str, write(answer(measured), results))))


def available(runtimes: tuple[str, ...]) -> tuple[str, ...]:
    """The runtimes without ONNX Runtime where the extra `export` is missing, after a line that says how to install it.

    Raises:
        Problem: nothing is left.
    """
    from importlib.util import find_spec

    lacks = [name for name in ("onnxruntime", "onnxscript", "onnx") if not find_spec(name)]
    if "onnxruntime" not in runtimes or not lacks:
        return tuple(dict.fromkeys(runtimes))
    message = f"without ONNX Runtime ({', '.join(lacks)} not installed): {installation('export')}"
    if "eager" not in runtimes:
        raise Problem(f"nothing to measure {message}")
    print(message, file=sys.stderr)
    return ("eager",)
