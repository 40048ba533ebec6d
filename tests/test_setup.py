"""The three lists of packages agree, and the set-up scripts install once."""

import re
import shutil
import subprocess
import tomllib
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parent.parent
CONDA_NAMES = {"torch": "pytorch", "matplotlib": "matplotlib-base", "ray": "ray-core"}


def requirements():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    extras = [name for names in project["optional-dependencies"].values() for name in names]
    return {re.split(r"[\[<>=! ]", name)[0] for name in project["dependencies"] + extras}


def test_conda_and_pip_name_the_same_packages():
    names = yaml.safe_load((ROOT / "environment.yml").read_text())["dependencies"]
    assert {"pip": ["-e ."]} in names
    conda = {name.split()[0] for name in names if isinstance(name, str)} - {"python", "pip"}
    assert conda == {CONDA_NAMES.get(name, name) for name in requirements()}


def test_every_requirement_is_pinned():
    lines = [line for line in (ROOT / "constraints.txt").read_text().splitlines() if not line.startswith("#")]
    assert all(re.fullmatch(r"[\w.-]+==[\w.!]+", line) for line in lines)
    pins = dict(line.lower().replace("_", "-").split("==") for line in lines)
    assert pins["torch"] == "2.13.0"
    assert requirements() - set(pins) == set()
    assert "torchvision" not in pins


@pytest.fixture
def clone(tmp_path):
    """A copy of the set-up with a stand-in for Python that notes how it is called."""
    for name in ("setup.sh", "run.sh", "test.sh", "pyproject.toml", "constraints.txt"):
        shutil.copy(ROOT / name, tmp_path)
    python = tmp_path / "python"
    python.write_text(
        '#!/bin/sh\ncase "$*" in *sys.version_info*) exit 0;; esac\n'
        f'echo "$@" >> {tmp_path}/calls\n'
        'if [ "$2" = venv ]; then mkdir -p .venv/bin && cp "$0" .venv/bin/python; '
        'printf "#!/bin/sh\\necho mnv2 \\"\\$@\\"\\n" > .venv/bin/mnv2; chmod +x .venv/bin/mnv2; fi\n'
        f"if [ -e {tmp_path}/broken ]; then exit 1; fi\n"
    )
    python.chmod(0o755)
    return tmp_path


def start(clone, *arguments):
    import os

    environment = os.environ | {"PYTHON": str(clone / "python"), "PATH": "/usr/bin:/bin"}
    return subprocess.run(
        ["bash", "./run.sh", *arguments], cwd=clone, env=environment, capture_output=True, text=True, timeout=60
    )


def test_run_installs_once_for_each_state_of_the_pins(clone):
    assert "mnv2 count --width 1.4" in start(clone, "count", "--width", "1.4").stdout
    calls = (clone / "calls").read_text().splitlines()
    assert [line.split()[1] for line in calls] == ["venv", "pip"]
    assert "-c constraints.txt" in calls[1]
    start(clone, "count")
    assert (clone / "calls").read_text().splitlines() == calls
    with (clone / "constraints.txt").open("a") as pins:
        pins.write("six==1.17.0\n")
    start(clone, "count")
    assert len((clone / "calls").read_text().splitlines()) == 3


def test_run_without_arguments_is_the_main_job_and_setup_stops_before_it(clone):
    assert start(clone).stdout.splitlines()[-1] == "mnv2 run"
    assert "mnv2 run" not in start(clone, "--setup").stdout


def test_a_failed_installation_is_said_and_tried_again(clone):
    (clone / "broken").touch()
    done = start(clone)
    assert done.returncode != 0
    assert "cannot make .venv" in done.stderr or "the installation failed" in done.stderr
    (clone / "broken").unlink()
    assert start(clone).stdout.splitlines()[-1] == "mnv2 run"
