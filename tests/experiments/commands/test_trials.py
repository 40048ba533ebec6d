"""`mnv2 trials` writes a row for each stored run and names files that are not records."""

import csv

import pandas as pd
import pytest
from fake_trials import run, trial

from analysis.problem import Problem
from analysis.trials import Store
from experiments.commands.trials import check, export


@pytest.fixture
def results(tmp_path):
    for seed in (1, 2):
        Store(tmp_path / "trials").write(run(trial(seed), 0.0))
    return tmp_path


def test_every_run_is_a_row_on_paper_and_in_parquet(results, capsys):
    export(results=results)
    rows = list(csv.DictReader(capsys.readouterr().out.splitlines()))
    assert sorted(row["seed"] for row in rows) == ["1", "2"]
    export("parquet", results / "t.parquet", results)
    assert sorted(pd.read_parquet(results / "t.parquet")["seed"]) == [1, 2]
    with pytest.raises(Problem, match="parquet needs a file"):
        export("parquet", results=results)


def test_a_stray_file_is_named_and_the_others_are_exported(results, capsys):
    check(results)
    assert capsys.readouterr().out == "2 good records\n"
    stray = results / "trials" / "cifar10" / "brief" / "notes.json"
    stray.parent.mkdir(parents=True, exist_ok=True)
    stray.write_text("{")
    with pytest.raises(Problem, match="1 files in .* are not good"):
        check(results)
    assert "notes.json" in capsys.readouterr().err
    export(results=results, out=results / "t.csv")
    assert len(list(csv.DictReader((results / "t.csv").open()))) == 2


def test_an_empty_store_says_how_to_fill_it(tmp_path):
    with pytest.raises(Problem, match="run a study first"):
        export(results=tmp_path)
