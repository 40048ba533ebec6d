"""`mnv2 price`: the list from stored runs, and one line where there are none."""

import pytest
from made_gaps import runs

from analysis.problem import Problem
from analysis.trials import Store
from experiments.commands.price import main
from experiments.measurements.price import measure as clock
from experiments.measurements.price.parts import parts


def test_the_list_is_printed_and_written(tmp_path, capsys):
    for record in runs({"linear": 60, "relu6": 55}):
        Store(tmp_path / "trials").write(record)
    main(results=tmp_path)
    printed = capsys.readouterr().out
    assert "| linear bottleneck, not ReLU6 " in printed and "+5.0 [" in printed and "not run" in printed
    for path in ("tables/price.md", "tables/price-runs.csv", "figures/price.png", "figures/price.svg"):
        assert (tmp_path / path).is_file(), path


def test_measured_latencies_are_kept(tmp_path, monkeypatch, capsys):
    for record in runs({"linear": 60, "relu6": 55}):
        Store(tmp_path / "trials").write(record)
    monkeypatch.setattr(clock, "parts", lambda: parts()[:1])
    monkeypatch.setattr("experiments.commands.latency.available", lambda runtimes: ("eager",))
    main(measure=True, rounds=2, seconds=1e-4, results=tmp_path)
    assert (tmp_path / "price.json").is_file()
    assert "Latency: eager" in capsys.readouterr().out


def test_no_runs_and_no_turns_are_one_line(tmp_path):
    with pytest.raises(Problem, match="has no runs of a part of the list"):
        main(results=tmp_path)
    with pytest.raises(Problem, match="--rounds is at least 2"):
        main(measure=True, rounds=0, results=tmp_path)
