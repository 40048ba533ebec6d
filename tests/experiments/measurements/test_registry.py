"""Every measurement has a folder, and a command that exists."""

from pathlib import Path

import experiments
from experiments.cli import COMMANDS
from experiments.measurements.registry import MEASUREMENTS

FOLDER = Path(experiments.__path__[0]) / "measurements"


def test_the_registry_names_every_folder():
    assert set(MEASUREMENTS) == {path.parent.name for path in FOLDER.glob("*/view.py")}


def test_every_command_exists():
    for measurement in MEASUREMENTS.values():
        program, command, *_ = measurement.command.split()
        assert program == "mnv2" and command in COMMANDS
