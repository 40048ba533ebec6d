"""`mnv2 trial` finds a stored run by the first characters of its id."""

import csv
import json
from dataclasses import replace

import pytest
from fake_trials import run, trial

from analysis.problem import Problem
from analysis.trials import Record, Store
from experiments.commands import study, trials
from experiments.commands import trial as command
from experiments.commands.trial import show


@pytest.fixture
def results(tmp_path):
    store = Store(tmp_path / "trials")
    store.write(run(trial(1), 0.0))
    store.write(Record(trial(2), "failed", error="Traceback\nValueError: odd"))
    return tmp_path


def test_a_record_is_shown_by_the_start_of_its_id(results, capsys):
    show(trial(1).id[:8], results)
    first, _, rest = capsys.readouterr().out.partition("\n")
    assert first.endswith("finished, 10.10 %")
    assert json.loads(rest)["id"] == trial(1).id
    show(trial(2).id, results)
    assert capsys.readouterr().out.splitlines()[0].endswith(": failed")


@pytest.mark.parametrize(("id", "message"), [("", "2 trials in .* begin with ''"), ("?", "0 trials .* for example")])
def test_an_id_that_names_none_or_several_is_refused(results, id, message):
    with pytest.raises(Problem, match=message):
        show(id, results)


def test_an_empty_store_has_no_example(tmp_path):
    with pytest.raises(Problem, match="for example none"):
        show("a", tmp_path)


def test_a_trial_can_be_shown_rerun_and_exported(options, capsys, tmp_path):
    study.run("pair", options)
    capsys.readouterr()
    trials.export(results=options.results)
    rows = list(csv.DictReader(capsys.readouterr().out.splitlines()))
    assert [(row["projection"], row["seed"]) for row in rows].count(("relu6", "1")) == 1
    trials.export(format="parquet", out=tmp_path / "trials.parquet", results=options.results)
    assert (tmp_path / "trials.parquet").read_bytes()[:4] == b"PAR1"
    id = rows[0]["id"]
    show(id[:8], options.results)
    assert json.loads(capsys.readouterr().out.partition("\n")[2])["id"] == id
    command.rerun(id, options.results, options.data_dir)
    assert "the same, bit for bit" in capsys.readouterr().out


def test_a_rerun_that_comes_out_otherwise_says_so(options, capsys):
    study.run("pair", options)
    path = next(options.results.glob("trials/*/*/*.json"))
    record = json.loads(path.read_text())
    record["result"]["epochs"][0]["train_loss"] += 0.5
    path.write_text(json.dumps(record))
    with pytest.raises(Problem, match="came out otherwise"):
        command.rerun(record["id"], options.results, options.data_dir)


@pytest.mark.parametrize(
    ("stored", "device", "expected"),
    [
        ({}, None, ("cpu", "eager")),  # of before records named a device
        ({"device_type": "cuda", "device": "a card", "backend": "captured"}, None, ("cuda", "captured")),
        ({"device_type": "cuda", "device": "a card", "backend": "captured"}, "cpu", ("cpu", "auto")),
        ({"device_type": "cpu", "backend": "fused"}, "cuda:1", ("cuda:1", "auto")),
        ({"device_type": "cpu", "backend": "fused"}, None, ("cpu", "fused")),
    ],
)
def test_a_rerun_is_on_the_kind_of_device_that_it_was_on(results, monkeypatch, capsys, stored, device, expected):
    old = run(trial(1), 0.0)
    Store(results / "trials").write(replace(old, provenance=old.provenance | stored))
    ways = []

    def again(trial, way):
        ways.append((way.device, way.backend))
        return replace(old, provenance={"device_type": "cpu"})

    monkeypatch.setattr("analysis.trials.worker.run_trial", again)
    command.rerun(trial(1).id, results, device=device)
    assert ways == [expected]


def test_a_rerun_on_a_gpu_that_comes_out_otherwise_says_why(results, monkeypatch, capsys):
    other = run(trial(2), 0.0)
    facts = {"device_type": "cuda", "device": "a card"}
    monkeypatch.setattr("analysis.trials.worker.run_trial", lambda *given: replace(other, provenance=facts))
    with pytest.raises(Problem, match="now on a card; an accelerator adds in an order that may change"):
        command.rerun(trial(1).id, results, device="cuda")
