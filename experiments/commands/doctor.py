"""`mnv2 doctor`: what this machine has for the suite, and how to get what it lacks."""

import importlib.util
import shutil

from analysis.environment import EXTRAS, environment
from analysis.training.data import locate


def main() -> None:
    """Report device, torch build, threads, compiler, data sets and optional extras."""
    facts = environment()
    for name, value in facts.items():
        print(f"{name:12} {value}")
    compiler = shutil.which("c++") or shutil.which("g++")
    print(
        f"{'compiler':12} {'found' if compiler else 'none: training runs on the eager backend; install g++'}"
    )
    for name in ("cifar10", "cifar100"):
        variable = f"{name.upper()}_DIR"
        print(
            f"{name:12} {locate(name) or f'not here: downloaded on first use, or set {variable} to a copy'}"
        )
    for extra, module in EXTRAS.items():
        have = importlib.util.find_spec(module) is not None
        print(
            f"[{extra}]".ljust(12),
            "installed" if have else f"not installed: pip install -c constraints.txt -e '.[{extra}]'",
        )
