"""The command line as a user sees it: it starts fast, imports little and is clear about mistakes."""

import importlib.metadata
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from analysis.problem import Problem
from experiments import cli

ROOT = Path(__file__).parents[2]


def mnv2(*arguments, **environment):
    return subprocess.run(
        [sys.executable, "-c", "from experiments.cli import main; main()", *arguments],
        capture_output=True,
        text=True,
        cwd=ROOT,
        env=os.environ | environment,
        timeout=120,
    )


def test_help_lists_the_commands_and_says_which_comes_first():
    done = mnv2("--help")
    assert done.returncode == 0
    assert done.stdout == mnv2().stdout
    assert "Begin with `mnv2 run`" in done.stdout
    lines = done.stdout.splitlines()
    for command, purpose in cli.COMMANDS.items():
        assert f"  {command:15} {purpose}" in lines


@pytest.mark.parametrize(
    "arguments", [["--help"], ["count", "--help"], ["count", "--width", "1.4"], ["count", "--json"]]
)
def test_help_and_count_do_not_load_torch(arguments):
    script = (
        "import sys; sys.argv = ['mnv2', *sys.argv[1:]]\n"
        "from experiments.cli import main\n"
        "try: main()\n"
        "except SystemExit: pass\n"
        "print(*sorted({'torch', 'pandas', 'matplotlib', 'scipy', 'numpy'} & set(sys.modules)), file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", script, *arguments], capture_output=True, text=True, cwd=ROOT)
    assert done.stdout
    assert done.stderr.split() == []


def test_count_json():
    counts = json.loads(mnv2("count", "--json").stdout)
    assert counts["madds"] == 300_774_272
    assert counts["params"] == 3_504_872
    assert counts["params_without_norm"] == counts["params"] - counts["norm_statistics"]
    assert json.loads(mnv2("count", "--width", "1.4", "--json").stdout)["madds"] == 582_195_824


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["cuont"], "unknown command 'cuont': did you mean 'count'"),
        (["count", "--projection", "relu66"], "unknown projection 'relu66': did you mean 'relu6'"),
        (["count", "--expansion", "-1"], "expansion -1.0 is not a number of at least 0"),
        (["count", "--resolution", "97"], "resolution 97 is not a multiple of the total stride 32: use 96"),
        (["count", "--preset", "big"], "unknown preset 'big': known are imagenet, cifar, brief"),
    ],
)
def test_a_mistake_is_one_line_and_not_a_traceback(arguments, message):
    done = mnv2(*arguments)
    assert done.returncode == 2
    assert done.stderr.count("\n") == 1
    assert message in done.stderr


def test_an_unknown_option_is_refused():
    done = mnv2("count", "--wdith", "1")
    assert done.returncode == 2
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("error", "status", "message"),
    [
        (Problem("no data: get some"), 2, "mnv2: no data: get some\n"),
        (KeyboardInterrupt(), 130, "mnv2: interrupted\n"),
    ],
)
def test_how_a_command_ends(monkeypatch, capsys, error, status, message):
    def fail(arguments):
        raise error

    monkeypatch.setattr(cli, "run_command", fail)
    with pytest.raises(SystemExit) as end:
        cli.main()
    assert end.value.code == status
    assert capsys.readouterr().err == message


def test_a_reader_that_goes_away_is_no_error():
    script = "from experiments.cli import main; main()"
    read, write = os.pipe()
    os.close(read)
    done = subprocess.run([sys.executable, "-c", script, "--help"], stdout=write, stderr=subprocess.PIPE, cwd=ROOT)
    os.close(write)
    assert done.stderr == b""


def test_doctor_names_what_is_there_and_what_is_wrong(tmp_path):
    done = mnv2("doctor", CIFAR10_DIR=str(tmp_path), CXX="no-such-compiler")
    assert done.returncode == 0
    report = dict(line.split(maxsplit=1) for line in done.stdout.splitlines())
    assert report["torch"] == importlib.metadata.version("torch")
    assert report["cifar10"].startswith(f"wrong CIFAR10_DIR: {tmp_path} holds no cifar10")
    assert "set CIFAR100_DIR to a copy" in report["cifar100"]
    assert "no-such-compiler not found" in report["compiler"]
    assert "[dev]" in report
