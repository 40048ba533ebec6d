"""The tree keeps its one direction, its light start, its rooms, and a test for every module that decides something."""

import ast
import importlib
import inspect
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest
from layout import Import, circles, hidden, imports, long_files, modules, untested, upward

ROOT = Path(__file__).parent.parent
FILES = modules(ROOT)
# Highest first. A module imports its own package and those of lower lines. Packages of one line stay apart. A module
# with a line of its own leaves its package: all measurements make an Answer (low), the report makes all answers (high).
ORDER = """
notebooks
experiments.cli
experiments.commands
experiments.answers.report
experiments.page
experiments.answers.restored
experiments.answers.computed
experiments.power
experiments.claims
experiments.measurements
experiments.audit
experiments.answers
experiments.claims.ablations experiments.claims.evidence experiments.claims.measured experiments.claims.proposals
experiments.claims.per_seed
experiments.sweeps experiments.benches
experiments.studies
experiments.study
analysis.render analysis.manifold
analysis.trials
analysis.tasks
analysis.training
analysis.data analysis.nn
analysis.cost
analysis.arch
analysis.stats analysis.reference
analysis.files analysis.environment analysis.users_code
analysis.problem
"""
LEVELS = [line.split() for line in ORDER.split("\n") if line]
HEAVY = {"torch", "pandas", "matplotlib", "scipy", "numpy", "joblib", "pyarrow"}
MOST_LINES, OF_A_TEST = 250, 300
# Folder of experiments/ -> the modules that it may hold. COMMANDS: one for each command. STUDIES: one document each.
PARTS = {"measure", "rows", "rule", "view", "tables", "figures"}  # of a measurement
ROOMS: dict[str, set[str]] = {
    ".": {"cli", "study"},
    "commands": {"COMMANDS", "options"},
    "studies": {"STUDIES", "found", "registry", "widths"},
    "measurements": {"registry"},
    "measurements/backends": PARTS,
    "measurements/effects": PARTS | {"budgets"},
    "measurements/gradients": PARTS,
    "measurements/imagenet": PARTS | {"accuracy_tables", "agreement", "bends", "instruments", "operating"},
    "measurements/latency": PARTS | {"widths"},
    "measurements/macro": PARTS,
    "measurements/manifold": PARTS | {"theory_figures"},
    "measurements/memory": PARTS,
    "measurements/patterns": PARTS,
    "measurements/price": PARTS | {"parts"},
    "measurements/splitting": PARTS,
    "claims": {
        "ablations",
        "board",
        "evidence",
        "findings",
        "judges",
        "measured",
        "per_seed",
        "proposals",
        "scoreboard",
    }
    | {"stored", "vocabulary"},
    "power": {"budgets", "designs", "measured", "operating", "pilots", "ranking", "rates", "repeats", "simulated"}
    | {"truths"},
    "answers": {"answer", "conditions", "collect", "study", "looks", "classes", "plan", "names", "pictures"}
    | {"computed", "ranking", "rates", "restored", "report"},
    "audit": {"judge", "guesses", "misprints", "chance", "rows", "report", "crosscheck"}
    | {"claims", "classifiers", "heads", "memory", "schedules"},
    "page": {"contents", "ablations", "environment", "imagenet", "scatters", "scoreboard", "chapters", "tradeoff"},
    "sweeps": {"data", "executors", "options", "progress", "running", "sinks", "weights"},
    "benches": {"agreement", "checkup", "count", "device", "plain_loop", "step", "store", "sweep", "train"},
}
# Modules with a branch but without a test of their own -> why.
UNTESTED: dict[str, str] = {}


@cache
def all_imports() -> list[Import]:
    """Not when the tests are collected, which every test process does."""
    return imports(FILES)


def test_no_modules_import_one_another_in_a_circle():
    assert len(all_imports()) > 1000
    assert not (found := circles(all_imports())), "\n".join(map(str, found))


def test_imports_point_one_way():
    assert not (found := upward(all_imports(), LEVELS)), "\n".join(map(str, found))


def test_every_package_of_the_order_exists():
    packages = {package for level in LEVELS for package in level} - {"notebooks"}
    assert packages <= FILES.keys()


def test_only_commands_import_the_project_inside_functions():
    assert not (found := hidden(all_imports(), "experiments.commands")), "\n".join(map(str, found))


def test_files_are_read_in_one_sitting():
    assert long_files(ROOT, ("analysis", "experiments", "notebooks", "tests/support"), MOST_LINES) == {}
    assert long_files(ROOT, ("tests",), OF_A_TEST) == {}


def strangers(folder: Path, rooms: dict[str, set[str]], commands: set[str]) -> list[str]:
    """Modules of `folder` in a room that does not hold their kind, or in no room."""
    found = []
    for path in sorted(folder.rglob("*.py")):
        room = rooms.get(str(path.parent.relative_to(folder)))
        allowed = {"__init__"} | (room or set()) | (commands if room and "COMMANDS" in room else set())
        document = room is not None and "STUDIES" in room and {"STUDY", "STUDIES"} & _assigned(path)
        if room is None or not (document or path.stem in allowed):
            found.append(str(path.relative_to(folder)))
    return found


def _assigned(path: Path) -> set[str]:
    """Names that a module gives a value at its top."""
    nodes = [node for node in ast.parse(path.read_text()).body if isinstance(node, ast.Assign)]
    return {target.id for node in nodes for target in node.targets if isinstance(target, ast.Name)}


def test_each_folder_of_experiments_holds_one_kind():
    cli = importlib.import_module("experiments.cli")
    commands = set(map(cli.module_name, cli.COMMANDS))
    found = strangers(ROOT / "experiments", ROOMS, commands)
    assert not found, "\n".join(["move it to its room (or name it in ROOMS):", *found])


def test_every_module_that_decides_something_has_its_test():
    files = {name: path for name, path in FILES.items() if not name.startswith("notebooks.")}
    missing = untested(files, ROOT, UNTESTED)
    assert not missing, "\n".join(["missing (or exempt the module in UNTESTED, with the reason):", *missing])
    assert [name for name in UNTESTED if name not in files or not untested({name: files[name]}, ROOT)] == []


@pytest.mark.parametrize("package", ["analysis.arch", "analysis.cost", "analysis.stats", "experiments.cli"])
def test_light_packages_load_nothing_heavy(package):
    script = f"import sys, {package}; print(*sorted(set(sys.modules) & {HEAVY!r}))"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.split() == []


def test_every_command_has_its_module():
    cli = importlib.import_module("experiments.cli")
    commands = set(map(cli.module_name, cli.COMMANDS))
    files = {path.stem for path in (ROOT / "experiments" / "commands").glob("[a-z]*.py")} - {"options"}
    assert commands == files
    for command in commands:
        module = importlib.import_module(f"experiments.commands.{command}")
        entry = module.VERBS.values() if hasattr(module, "VERBS") else [module.main]
        assert all(inspect.getdoc(function) for function in entry), command


# The rules themselves, each on a small tree that breaks it.


@pytest.fixture
def tree(tmp_path):
    """A function that writes modules, name -> text, and says what they import."""

    def write(texts: dict[str, str]):
        for name, text in texts.items():
            path = tmp_path.joinpath(*name.split(".")).with_suffix(".py")
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
            for folder in path.parents:
                if folder.is_relative_to(tmp_path) and folder != tmp_path:
                    (folder / "__init__.py").touch()
        return imports(modules(tmp_path))

    return write


def test_a_circle_is_found_wherever_its_imports_are(tree):
    late = "def f():\n    try:\n        import analysis.c\n    except ImportError:\n        pass\n"
    found = tree(
        {
            "analysis.a": "from analysis import b\n",
            "analysis.b": late,
            "analysis.c": "from analysis.a import name\n",
            "analysis.d": "import analysis.a\n",
        }
    )
    assert circles(found) == [["analysis.a", "analysis.b", "analysis.c"]]


def test_a_circle_through_a_package_is_found_as_python_runs_it_first(tree):
    found = tree({"analysis.p.x": "", "analysis.q": "import analysis.p.x\n"})
    assert circles(found) == []
    found = tree({"analysis.p.__init__": "import analysis.q\n"})
    assert circles(found) == [["analysis.p", "analysis.q"]]
    inner = tree({"analysis.p.__init__": "import analysis.p.x\n", "analysis.p.x": "from analysis.p import y\n"})
    assert circles(inner) == [["analysis.p", "analysis.p.x"]]


TYPING = "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from analysis.trials.store import Store\n"


def test_an_import_for_types_alone_makes_no_circle_but_has_a_direction(tree):
    found = tree({"analysis.arch.plan": TYPING, "analysis.trials.store": "import analysis.arch.plan\n"})
    assert circles(found) == []
    assert [(each.module, each.imported) for each in upward(found, LEVELS)] == [
        ("analysis.arch.plan", "analysis.trials.store")
    ]


@pytest.mark.parametrize(
    ("here", "there"),
    [
        ("analysis.arch.plan", "analysis.cost.count"),
        ("analysis.data.boxes", "analysis.nn.fold"),  # of one line
        ("analysis.trials.store", "experiments.study"),
        ("experiments.study", "experiments.studies.headline"),
        ("experiments.answers.answer", "experiments.answers.report"),  # which has a line of its own
    ],
)
def test_an_import_against_the_order_is_found(tree, here, there):
    found = tree({there: "", here: f"def f():\n    from {there} import x\n"})
    assert [each.imported for each in upward(found, LEVELS)] == [there]
    assert [each.inside for each in hidden(found, "experiments.commands")] == ["f"]
    other = tree({here: "", there: f"import {here}\n"})
    assert bool(upward(other, LEVELS)) == (here == "analysis.data.boxes")
    assert hidden(other, "experiments.commands") == []


def test_a_package_without_a_place_and_a_relative_import_are_refused(tree):
    with pytest.raises(ValueError, match=r"analysis\.new\.x has no place"):
        upward(tree({"analysis.new.x": "import analysis.problem\n", "analysis.problem": ""}), LEVELS)
    with pytest.raises(ValueError, match="relative import"):
        tree({"analysis.new.x": "from . import y\n"})


def test_commands_may_import_inside_functions(tree):
    late = "def main():\n    import analysis.problem\n"
    found = tree({"analysis.problem": "", "experiments.commands.run": late, "experiments.commands_too": late})
    assert [each.module for each in hidden(found, "experiments.commands")] == ["experiments.commands_too"]


def test_a_long_file_and_a_stranger_are_found(tree, tmp_path):
    tree(
        {"experiments.studies.long": "x = 1\n" * 301, "experiments.studies.own": "STUDY = 1\n", "experiments.odd.x": ""}
    )
    assert long_files(tmp_path, ["experiments"], MOST_LINES) == {"experiments/studies/long.py": 301}
    tree({"experiments.commands.run": "", "experiments.commands.walk": "", "experiments.odd.x": ""})
    rooms = {room: ROOMS[room] for room in (".", "commands", "studies")}
    found = strangers(tmp_path / "experiments", rooms, {"run"})
    assert found == ["commands/walk.py", "odd/__init__.py", "odd/x.py", "studies/long.py"]


@pytest.mark.parametrize(
    ("body", "decides"),
    [
        ("return 1 or 2", False),
        ("return [x for x in ()]", False),
        ("return [x for x in () if x]", True),
        ("return 1 if 2 else 3", True),
        ("for x in (): pass", True),
        ("while True: pass", True),
        ("match 1:\n        case 1: pass", True),
        ("try: pass\n    except OSError: pass", True),
        ("def g():\n        if 1: pass", True),
    ],
)
def test_a_module_with_a_branch_needs_a_test_in_its_place(tree, tmp_path, body, decides):
    tree({"analysis.nn.fold": f"class A:\n    def f(self):\n        pass\n\n\ndef f():\n    {body}\n"})
    files = modules(tmp_path)
    assert untested(files, tmp_path) == (["tests/nn/test_fold.py"] if decides else [])
    assert untested(files, tmp_path, {"analysis.nn.fold": "why"}) == []
    tree({"tests.nn.test_fold": ""})
    assert untested(files, tmp_path) == []
