"""The lists of packages agree with each other and with the imports, and the set-up scripts install once."""

import ast
import importlib.metadata
import os
import re
import shutil
import signal
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parent.parent
CONDA_NAMES = {"torch": "pytorch", "matplotlib": "matplotlib-base", "ray": "ray-core"}
NOT_ON_CONDA = {"ai-edge-litert", "thop", "tflite"}
TOOLS = ("bash", "basename", "cat", "chmod", "cksum", "cp", "dirname", "grep", "mkdir", "paste", "rm", "sort")
# A fake Python. It logs its arguments, makes an environment that contains itself, and "installs" an mnv2.
PYTHON = """#!/bin/bash
case "$*" in
*version_info*) [ ! -e old ]; exit ;;
-VV) echo "Python 3.$(cat minor 2>/dev/null)"; exit ;;
esac
echo "$*" >>calls
if [ -e interrupt ] && [ "$2" = pip ]; then kill -INT $PPID; fi
case "$2" in
venv) mkdir -p .venv/bin && cp "$0" .venv/bin/python ;;
pip) [ ! -e broken ] && printf '#!/bin/sh\\necho mnv2 "$@"\\n' >.venv/bin/mnv2 && chmod +x .venv/bin/mnv2 ;;
esac
"""
# A fake uv. It logs its arguments and does the same, or fails if there is a file `offline`.
UV = """#!/bin/bash
echo "uv $*" >>calls
if [ -e offline ]; then exit 1; fi
case "$1" in
venv) python -m venv .venv ;;
pip) python -m pip ;;
esac
"""


def declared():
    """Requirements of the project and of all its extras."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    extras = [name for names in project["optional-dependencies"].values() for name in names]
    return [Requirement(text) for text in project["dependencies"] + extras]


def pins():
    """Package -> the versions in constraints.txt, several if they depend on the platform."""
    versions = {}
    for line in (ROOT / "constraints.txt").read_text().splitlines():
        if not line.startswith("#"):
            pin = Requirement(line)
            versions.setdefault(pin.name, []).append(str(pin.specifier))
    return versions


def test_conda_and_pip_name_the_same_packages():
    names = yaml.safe_load((ROOT / "environment.yml").read_text())["dependencies"]
    assert {"pip": ["-e ."]} in names
    conda = [name.split()[0] for name in names if isinstance(name, str)]
    wanted = {CONDA_NAMES.get(name, name) for name in {requirement.name for requirement in declared()} - NOT_ON_CONDA}
    assert sorted(conda) == sorted({"python", "pip"} | wanted)


def test_every_pin_is_exact():
    versions = pins()
    assert all(re.fullmatch(r"==[\w.!]+", version) for found in versions.values() for version in found)
    assert versions["torch"] == ["==2.13.0"]
    assert "torchvision" not in versions


def test_what_the_requirements_require_is_pinned():
    """This covers all dependencies of declared packages on this platform, as far as they are installed."""
    versions, seen, todo = pins(), set(), declared()
    while todo:
        requirement = todo.pop()
        name = canonicalize_name(requirement.name)
        extras = requirement.extras or {""}
        if (name, *extras) in seen:
            continue
        seen.add((name, *extras))
        assert name in versions
        try:
            texts = importlib.metadata.requires(name) or []
        except importlib.metadata.PackageNotFoundError:  # of an extra that is not installed
            continue
        for further in map(Requirement, texts):
            if further.marker is None or any(further.marker.evaluate({"extra": extra}) for extra in extras):
                todo.append(further)
    assert len(seen) > 60


def test_what_is_imported_is_declared():
    """It is not enough that another package requires them, because that may change."""
    names = {canonicalize_name(requirement.name) for requirement in declared()}
    packages = importlib.metadata.packages_distributions()
    imported = set()
    for path in [*(ROOT / "analysis").rglob("*.py"), *(ROOT / "experiments").rglob("*.py")]:
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.ImportFrom):
                imported.add((node.module or "").split(".")[0])
            elif isinstance(node, ast.Import):
                imported.update(alias.name.split(".")[0] for alias in node.names)
    foreign = imported - set(sys.stdlib_module_names) - {"analysis", "experiments"}
    assert {"torch", "numpy", "tyro"} <= foreign
    undeclared = {
        module
        for module in foreign & set(packages)
        if not {canonicalize_name(package) for package in packages[module]} & names
    }
    assert undeclared == set()


@pytest.fixture
def clone(tmp_path):
    """A copy of the set-up scripts, and a folder `bin` with a fake Python and the few system tools that they need."""
    folder = tmp_path / "clone"
    (folder / "bin").mkdir(parents=True)
    for name in ("setup.sh", "run.sh", "test.sh", "pyproject.toml", "constraints.txt"):
        shutil.copy(ROOT / name, folder)
    for tool in TOOLS:
        (folder / "bin" / tool).symlink_to(str(shutil.which(tool)))
    put(folder / "bin" / "python", PYTHON)
    return folder


def put(path, script):
    path.write_text(script)
    path.chmod(0o755)


def start(clone, *arguments, script="run.sh"):
    return subprocess.run(
        [str(shutil.which("bash")), f"./{script}", *arguments],
        cwd=clone,
        env={"PATH": str(clone / "bin"), "HOME": os.devnull},
        capture_output=True,
        text=True,
        timeout=60,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # a shell cannot trap what it starts ignoring
    )


def calls(clone):
    return (clone / "calls").read_text().splitlines()


def test_run_installs_once_for_each_state_of_the_pins(clone):
    assert start(clone, "count", "--width", "1.4").stdout == "mnv2 count --width 1.4\n"
    made, installed = calls(clone)
    assert made.startswith("-m venv")
    assert "-c constraints.txt" in installed
    assert "-e .[report]" in installed
    start(clone, "count")
    assert len(calls(clone)) == 2
    with (clone / "constraints.txt").open("a") as lines:
        lines.write("# another pin\n")
    start(clone, "count")
    assert len(calls(clone)) == 3
    with (clone / "pyproject.toml").open("a") as lines:
        lines.write("# another setting\n")
    start(clone, "count")
    assert len(calls(clone)) == 4
    (clone / "minor").write_text("99")
    start(clone, "count")
    assert len(calls(clone)) == 5
    start(clone, "count")
    assert len(calls(clone)) == 5


def test_run_without_arguments_is_the_main_job_and_setup_stops_before_it(clone):
    assert start(clone).stdout == "mnv2 run\n"
    done = start(clone, "--setup")
    assert done.returncode == 0
    assert "mnv2 run" not in done.stdout


def test_extras_stay_until_the_pins_change_and_after(clone):
    start(clone, "--setup", "ray", "slurm")
    assert "-e .[ray,report,slurm]" in calls(clone)[-1]
    start(clone, "--setup", "slurm")
    assert len(calls(clone)) == 2
    start(clone, script="test.sh")
    assert "-e .[dev,notebooks,ray,report,slurm]" in calls(clone)[2]
    assert [line.split()[1] for line in calls(clone)[3:]] == ["ruff", "ruff", "pyright", "pytest"]
    with (clone / "constraints.txt").open("a") as lines:
        lines.write("# another pin\n")
    start(clone, "count")
    assert "-e .[dev,notebooks,ray,report,slurm]" in calls(clone)[-1]


def test_an_unknown_extra_is_refused(clone):
    done = start(clone, "--setup", "rai")
    assert done.returncode == 1
    assert done.stderr == "run.sh: no extra 'rai': pyproject.toml lists them\n"


def test_arguments_of_test_go_to_pytest(clone):
    start(clone, "tests/arch", "-k", "width", script="test.sh")
    assert calls(clone)[2:] == ["-m pytest tests/arch -k width"]


def test_a_failed_installation_is_said_and_tried_again(clone):
    (clone / "broken").touch()
    done = start(clone)
    assert done.returncode == 1
    assert "run.sh: the installation failed (see above)" in done.stderr
    (clone / "broken").unlink()
    assert start(clone).stdout == "mnv2 run\n"


def test_an_interrupted_installation_is_not_taken_for_a_whole_one(clone):
    (clone / "interrupt").touch()
    done = start(clone)
    assert done.returncode == 130
    assert "mnv2 run" not in done.stdout
    (clone / "interrupt").unlink()
    assert start(clone).stdout == "mnv2 run\n"
    assert len(calls(clone)) == 3  # environment, installation, installation again


def test_without_a_recent_python_one_line_says_so(clone):
    (clone / "old").touch()
    done = start(clone)
    assert done.returncode == 1
    assert done.stderr == (
        "run.sh: no Python >= 3.11 found: install one, or name it: PYTHON=/path/to/python ./run.sh\n"
    )


def test_uv_installs_where_there_is_one(clone):
    put(clone / "bin" / "uv", UV)
    assert start(clone).stdout == "mnv2 run\n"
    assert [line for line in calls(clone) if line.startswith("uv pip")] == [
        "uv pip install -q --python .venv/bin/python -c constraints.txt -e .[report]"
    ]
    assert calls(clone)[-1] == "-m pip"  # the fake uv's own call


def test_pip_installs_where_uv_fails(clone):
    put(clone / "bin" / "uv", UV)
    (clone / "offline").touch()
    assert start(clone).stdout == "mnv2 run\n"
    assert calls(clone)[-1].startswith("-m pip install")
