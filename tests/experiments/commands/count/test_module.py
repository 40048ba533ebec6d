"""`mnv2 count --module`: options that do not apply are refused, what was not seen is said."""

import json

import pytest

from analysis.problem import Problem
from experiments.commands.count import main
from experiments.commands.options import Network

NETS = """
import argparse, sys
import torch
parser = argparse.ArgumentParser()
parser.add_argument("--classes", type=int, default=5)
CLASSES = parser.parse_args().classes

def linear():
    print("made")
    return torch.nn.Linear(4, CLASSES)

def words():
    return torch.nn.Embedding(10, 8)

class Packed(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.register_buffer("whole", torch.zeros(4, 16, dtype=torch.int8))

    def forward(self, x, y):
        return x @ self.whole.float().t() + y

def program():
    return torch.export.export(torch.nn.Linear(4, 2), (torch.zeros(3, 4),))

def leaves():
    sys.exit()
"""


@pytest.fixture(autouse=True)
def nets(tmp_path, monkeypatch):
    (tmp_path / "nets_of_mine.py").write_text(NETS)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("sys.argv", ["mnv2", "count", "--module", "nets_of_mine:linear"])


def counted(capsys, name, **options):
    main(module=f"nets_of_mine:{name}", json=True, **options)
    return json.loads(capsys.readouterr().out)


def test_the_arguments_of_the_command_are_not_the_modules(capsys):
    assert counted(capsys, "linear", input=(2, 4))["madds"] == 40


def test_an_exported_program_is_counted(capsys):
    assert counted(capsys, "program", input=(3, 4))["params"] == 10


def test_several_inputs_and_notes(capsys):
    assert counted(capsys, "words", inputs=("2x6:int64",))["params"] == 80
    main(module="nets_of_mine:Packed", inputs=("3x16", "3x4"))
    assert "  note: not counted as parameters: whole (64 of int8)" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"layers": True}, "--layers"),
        ({"convention": "fvcore"}, "--convention"),
        ({"training": True, "multi_scale": True}, "--training, --multi-scale"),
        ({"network": Network(width=0.5)}, "a network"),
        ({"network": Network(preset="brief"), "layers": True}, "a network, --layers"),
        ({"format": "csv"}, "--format"),
    ],
)
def test_options_of_networks_are_refused(options, words):
    with pytest.raises(Problem, match=f"--module counts what a module runs: leave {words} out"):
        main(module="nets_of_mine:linear", **options)


@pytest.mark.parametrize("options", [{"input": (1, 3, 8, 8)}, {"inputs": ("2x4",)}])
def test_inputs_without_a_module_are_refused(options):
    with pytest.raises(Problem, match="belong to --module"):
        main(**options)


def test_inputs_named_twice_are_refused():
    with pytest.raises(Problem, match="name the inputs once"):
        main(module="nets_of_mine:linear", input=(2, 4), inputs=("2x4",))


def test_a_factory_that_ends_the_program_is_one_line():
    with pytest.raises(Problem, match="cannot make nets_of_mine:leaves: it ends the program"):
        main(module="nets_of_mine:leaves")
