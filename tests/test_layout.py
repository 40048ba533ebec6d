"""The tree keeps its one direction, its light start and its documented surface."""

import ast
import importlib
import inspect
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
# Each package may import from itself and from those behind it.
ORDER = (
    "notebooks",
    "experiments",
    "render",
    "manifold",
    "stats",
    "trials",
    "tasks",
    "training",
    "nn",
    "data",
    "cost",
    "arch",
)
FOUNDATION = (
    "problem",
    "files",
    "environment",
    "reference",
)  # imported from anywhere, import nothing of these
HEAVY = {"torch", "pandas", "matplotlib", "scipy", "numpy", "joblib", "pyarrow"}


def modules(*folders):
    return [path for folder in folders for path in sorted((ROOT / folder).rglob("*.py"))]


def layer(name):
    """The layer that a dotted module name belongs to: analysis.cost.count -> cost."""
    parts = name.split(".")
    return parts[1] if parts[0] == "analysis" and len(parts) > 1 else parts[0]


def imported(path):
    """Names of all modules of the project that a file imports, also inside functions."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative imports hide the direction"
            yield node.module or ""
            yield from (f"{node.module}.{alias.name}" for alias in node.names if node.module == "analysis")
        elif isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)


def test_imports_point_one_way():
    walked = 0
    for path in modules("analysis", "experiments"):
        here = layer(".".join(path.relative_to(ROOT).with_suffix("").parts))
        for name in imported(path):
            there = layer(name)
            if name.split(".")[0] not in ("analysis", "experiments", "notebooks") or there in (
                "analysis",
                *FOUNDATION,
            ):
                continue
            walked += 1
            assert here not in FOUNDATION, f"{path.relative_to(ROOT)} imports {name}"
            assert ORDER.index(there) >= ORDER.index(here), f"{path.relative_to(ROOT)} imports {name}"
    assert walked > 100


@pytest.mark.parametrize("package", ["analysis.arch", "analysis.cost", "analysis.stats", "experiments.cli"])
def test_light_packages_load_nothing_heavy(package):
    script = f"import sys, {package}; print(*sorted(set(sys.modules) & {HEAVY!r}))"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.split() == []


def test_files_are_read_in_one_sitting():
    sizes = {
        str(path.relative_to(ROOT)): len(path.read_text().splitlines()) for path in modules("analysis", "experiments")
    }
    assert {path: lines for path, lines in sizes.items() if lines > 280} == {}


def test_every_command_has_its_module():
    commands = importlib.import_module("experiments.cli").COMMANDS
    files = {path.stem for path in (ROOT / "experiments" / "commands").glob("[a-z]*.py")} - {"options"}
    assert set(commands) == files
    for command in commands:
        module = importlib.import_module(f"experiments.commands.{command}")
        entry = module.VERBS.values() if hasattr(module, "VERBS") else [module.main]
        assert all(inspect.getdoc(function) for function in entry), command
