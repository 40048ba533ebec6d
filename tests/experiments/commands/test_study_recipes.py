"""The studies of docs/extending.md over budgets and over learning rates are short, run, and can be completed later."""

import csv
import re
from dataclasses import replace
from pathlib import Path

import pytest

from analysis.problem import Problem
from analysis.tasks.recipes import RECIPES
from analysis.trials import Store
from experiments.commands import study

PAGE = Path(__file__).parents[3] / "docs" / "extending.md"
BLOCKS = dict(re.findall(r"```python study:(\S+)\n(.*?)```", PAGE.read_text(), re.DOTALL))


@pytest.fixture
def small(options, monkeypatch):
    """The recipe that the studies of the page start from is one of three steps."""
    monkeypatch.setitem(RECIPES, "brief", RECIPES["tiny"])
    return options


@pytest.mark.parametrize(("name", "x", "values"), [("how_long", "epochs", 3), ("how_fast", "peak_rate", 3)])
def test_the_studies_of_the_page_run(small, tmp_path, capsys, name, x, values):
    code = BLOCKS[f"{name}.py"]
    assert len([line for line in code.splitlines() if line]) <= 15
    path = tmp_path / f"{name}.py"
    path.write_text(code)
    study.run(str(path), small)
    out = capsys.readouterr().out
    assert f"{4 * values} trials, 0 in store" in out
    (table,) = (small.results / "tables").glob("*.csv")
    assert table.stem == f"{name.replace('_', '-')}-cifar10-{x}"
    rows = list(csv.DictReader(table.open()))
    assert len(rows) == 2 * values
    assert all(row["n"] == "2" for row in rows)
    assert (small.results / "figures" / f"{table.stem}.png").is_file()
    records, _ = Store(small.results / "trials").records()
    assert len({record.trial.recipe for record in records}) == values
    shown = [line for line in out.splitlines() if line.startswith("| ")]
    assert len(shown) == 1 + 2 * values  # the answer as a small table, before the paths
    assert out.index(shown[0]) < out.index("table     ")


def test_a_study_is_completed_arm_by_arm(small, tmp_path, capsys):
    path = tmp_path / "how_long.py"
    path.write_text(BLOCKS["how_long.py"])
    for arms, missing in ((("linear, epochs 1", "relu6, epochs 1"), 4), (("linear, epochs 4",), 3), ((), 0)):
        study.run(str(path), replace(small, arms=arms))
        text = next((small.results / "tables").glob("*.md")).read_text()
        assert ("NOT RUN YET" in text) == bool(missing)
    with pytest.raises(Problem, match="unknown arm 'linear, epochs 5'"):
        study.run(str(path), replace(small, arms=("linear, epochs 5",)))
    capsys.readouterr()
    study.run(str(path), small)
    assert "12 in store, 0 to run" in capsys.readouterr().out
