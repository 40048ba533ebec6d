"""`mnv2 bench split` writes what it measured, and says why it did not judge."""

import json

from analysis.arch import preset
from experiments.commands import bench
from experiments.measurements.splitting import measure


def test_split_prints_and_writes(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(measure, "NETWORK", preset("brief"))
    bench.split(rounds=2, seconds=0.001, results=tmp_path)
    assert json.loads((tmp_path / "splitting.json").read_text())["verdict"] is None
    assert "not judged" in capsys.readouterr().err
    assert not (tmp_path / "verdicts").exists()
    assert (tmp_path / "figures" / "splitting.png").is_file()
