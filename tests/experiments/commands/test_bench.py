"""`mnv2 bench split` writes what it measured, and says why it did not judge."""

import json

import torch

from analysis.arch import preset
from experiments.commands import bench
from experiments.measurements.splitting import measure


def test_split_prints_and_writes(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(measure, "NETWORK", preset("brief", resolution=16, rows=((6, 16, 1, 2),)))
    bench.split(rounds=2, seconds=0.001, results=tmp_path)
    assert json.loads((tmp_path / "splitting.json").read_text())["verdict"] is None
    assert "not judged" in capsys.readouterr().err
    assert not (tmp_path / "verdicts").exists()
    assert (tmp_path / "figures" / "splitting.png").is_file()


def test_steps_are_timed_on_an_accelerator_where_that_is_asked_for(monkeypatch, capsys):
    row = {
        "width": "0.35",
        "backend": "captured",
        "images/s": 900.0,
        "to eager": 2.5,
        "lowest": 800.0,
        "highest": 950.0,
    }
    monkeypatch.setattr("experiments.benches.device.throughput", lambda *given: [row])
    monkeypatch.setattr("analysis.training.device.find_device", lambda name: torch.device("cuda", 0))
    monkeypatch.setattr("analysis.training.device.facts", lambda device: {"device": "a card"})
    bench.train(cases=("0.35",), device="cuda")
    out = capsys.readouterr().out
    assert out.splitlines()[0].startswith("a card: images/s")
    assert "captured        900 [800, 950]    2.50 x eager" in out
    monkeypatch.undo()
    assert not bench.train_on("cpu", (), 1, 0.1)
