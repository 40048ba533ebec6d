"""`mnv2 doctor`: what this machine has for the suite, and how to get what it lacks."""

import shlex
import sys
from pathlib import Path

from analysis.environment import environment, missing_from_extras
from analysis.problem import Problem

ROOT = Path(__file__).parents[2]


def main() -> None:
    """Report device, torch build, threads, vector instructions, compiler, data sets, cache and optional extras."""
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
