"""One stored run: shown, made again, exported."""

import csv
import json

import pytest

from analysis.problem import Problem
from experiments.commands import study, trial, trials


def test_a_trial_can_be_shown_rerun_and_exported(options, capsys, tmp_path):
    study.run("pair", options)
    capsys.readouterr()
    trials.export(results=options.results)
    rows = list(csv.DictReader(capsys.readouterr().out.splitlines()))
    assert [(row["projection"], row["seed"]) for row in rows].count(("relu6", "1")) == 1
    trials.export(format="parquet", out=tmp_path / "trials.parquet", results=options.results)
    assert (tmp_path / "trials.parquet").read_bytes()[:4] == b"PAR1"
    id = rows[0]["id"]
    trial.show(id[:8], options.results)
    assert json.loads(capsys.readouterr().out.partition("\n")[2])["id"] == id
    trial.rerun(id, options.results, options.data_dir)
    assert "the same, bit for bit" in capsys.readouterr().out


def test_a_rerun_that_comes_out_otherwise_says_so(options, capsys):
    study.run("pair", options)
    path = next(options.results.glob("trials/*/*/*.json"))
    record = json.loads(path.read_text())
    record["result"]["epochs"][0]["train_loss"] += 0.5
    path.write_text(json.dumps(record))
    with pytest.raises(Problem, match="came out otherwise"):
        trial.rerun(record["id"], options.results, options.data_dir)
