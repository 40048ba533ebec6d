"""What arithmetic gives is stored with its arguments, and computed again where a file of it is gone."""

import json

import pytest

from analysis.arch import preset
from analysis.problem import Problem
from experiments.answers import computed
from experiments.answers.answer import write
from experiments.measurements.manifold.measure import Arguments as Manifold
from experiments.measurements.memory.measure import Arguments as Memory

BRIEF = Memory(preset("brief").text, bits=8)


@pytest.fixture
def made(tmp_path, monkeypatch):
    """The memory of a small network, computed once, without its figure."""
    monkeypatch.setattr("experiments.answers.answer.write_figure", lambda *arguments: [])
    answer = computed.compute("memory", BRIEF)
    write(answer, tmp_path)
    for name in answer.files:
        if name.startswith("figures"):
            (tmp_path / name).parent.mkdir(exist_ok=True)
            (tmp_path / name).write_text("drawn")
    return tmp_path


def test_it_is_computed_again_only_where_a_file_is_gone(made, monkeypatch):
    table = made / "tables" / "memory-brief-8-bit.csv"
    before = table.read_bytes()
    table.unlink()
    assert table in list(computed.renewed(made))
    assert table.read_bytes() == before
    monkeypatch.setattr(computed, "compute", lambda *arguments: pytest.fail("computed again"))
    assert table in list(computed.renewed(made))


def test_tables_and_figures_are_known_without_computing(made, monkeypatch):
    whole = computed.compute("memory", BRIEF)
    monkeypatch.setattr(computed, "compute", lambda *arguments: pytest.fail("computed again"))
    ((name, (answer,)),) = computed.stored(made).items()
    assert (name, answer.stem) == ("memory", "memory-brief-8-bit")
    assert answer.tables[""].markdown() == whole.tables[""].markdown()
    assert {figure: drawing.alt for figure, drawing in answer.figures.items()} == {
        figure: drawing.alt for figure, drawing in whole.figures.items()
    }


def test_the_words_of_a_command_line_that_were_stored_at_first_are_read_and_stored_anew(made):
    path = made / "computed" / "memory-brief-8-bit.json"
    files = json.loads(path.read_text())["files"]
    words = [
        "memory",
        "--variant",
        BRIEF.variant,
        "--bits",
        "8",
        "--ways",
        "2",
        "4",
        "--batch",
        "1",
        "--style",
        "paper",
    ]
    path.write_text(json.dumps({"command": words, "files": files}))
    list(computed.renewed(made))
    assert json.loads(path.read_text())["arguments"] == {
        **{"variant": BRIEF.variant, "bits": 8, "ways": [2, 4], "batch": 1, "style": "paper"}
    }


def test_the_options_of_a_command_line_become_arguments():
    words = [
        "--points",
        "spiral",
        "--matrices",
        "gaussian",
        "--activation",
        "relu",
        "--bias",
        "0.5",
        "--scale",
        "1.0",
        "--draws",
        "4",
        "--seed",
        "0",
    ]
    assert Manifold(**computed._options([*words, "--no-theory"], Manifold)) == Manifold(bias=0.5, draws=4, theory=False)
    assert Manifold(**computed._options([*words, "--theory"], Manifold)).theory


@pytest.mark.parametrize(
    "values", [{}, {"files": [], "measurement": "latency", "arguments": {}}, {"files": [], "command": []}, []]
)
def test_a_damaged_file_is_named(tmp_path, values):
    (tmp_path / "computed").mkdir()
    (tmp_path / "computed" / "x.json").write_text(json.dumps(values))
    with pytest.raises(Problem, match=r"x\.json is damaged"):
        list(computed.renewed(tmp_path))
