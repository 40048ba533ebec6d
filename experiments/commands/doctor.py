"""`mnv2 doctor`: what this machine has for the suite, and how to get what it lacks."""

import json
import shlex
import sys
from pathlib import Path

from analysis.environment import environment, missing_from_extras
from analysis.problem import Problem

ROOT = Path(__file__).parents[2]


def main(
    device: str | None = None,
    out: Path = Path("device.json"),
    seeds: int = 3,
    rounds: int = 3,
    seconds: float = 2.0,
    minutes: float = 4.0,
) -> None:
    """Report device, torch build, threads, vector instructions, compiler, data sets, cache and optional extras.

    With --device it tries that device, in some five minutes, and writes one file to attach to a bug report: whether the
    step of each task agrees with float64 on a CPU, images a second of some widths against eager on the same device, and
    the headline arms. It needs none of the extras.

    Args:
        device: try this one: cpu, cuda, cuda:1, mps, auto.
        out: the file for what was found of it.
        seeds: of each headline arm.
        rounds: times that every backend has its turn.
        seconds: of a turn.
        minutes: after them no headline run starts.

    Raises:
        Problem: such a device is not here, or the file cannot be written.
    """
    if device is not None:
        try_device(device, out, seeds, rounds, seconds, minutes)
        return
    from analysis.data.cifar.catalog import CATALOG
    from analysis.files import cache_folder

    for name, value in environment().items():
        say(name, value)
    say("compiler", compiler())
    for name, entry in CATALOG.items():
        say(name, place(name, entry.variable))
    say("cache", cache_folder())
    for extra, packages in missing_from_extras().items():
        say(f"[{extra}]", f"lacks {', '.join(packages)}: {installation(extra)}" if packages else "installed")


def try_device(name: str, out: Path, seeds: int, rounds: int, seconds: float, minutes: float) -> None:
    """Try the device, print what was found and write it to `out`. Turns take so many seconds; after so many minutes no
    headline run starts.

    Raises:
        Problem: such a device is not here, or the file cannot be written.
    """
    from analysis.files import write_whole
    from analysis.training.device import find_device
    from experiments.benches.checkup import lines, report

    found = report(find_device(name), seeds, rounds, seconds, minutes, lambda part: print(part, file=sys.stderr))
    print("\n".join(lines(found)))
    print(write_whole(out, json.dumps(found, indent=1).encode() + b"\n"))


def say(name: str, value: object) -> None:
    """Print one line of the report."""
    print(f"{name:12} {value}")


def compiler() -> str:
    """The C++ compiler for the fused kernels, or what its lack means."""
    from analysis.nn.fused.compiler import Unavailable, find_compiler, products

    try:
        return f"{shlex.join(find_compiler())} (fused kernels multiply {products()})"
    except Unavailable as reason:
        return f"{reason}; until then networks train on the eager backend"


def place(name: str, variable: str) -> str:
    """Where the data set `name` is, or how it gets here."""
    from analysis.data.cifar import locate

    try:
        return locate(name) or f"not here: downloaded at first use, or set {variable} to a copy"
    except Problem as problem:
        return f"wrong {variable}: {problem}"


def installation(extra: str) -> str:
    """The command that installs an extra in the environment that this program runs in."""
    if Path(sys.prefix) == ROOT / ".venv":
        return f"./run.sh --setup {extra}"
    return f"pip install -e '.[{extra}]'"
