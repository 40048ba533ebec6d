"""Latency against what a network costs: the rule, the measurement, what is written."""

import importlib.util

import pytest
import torch

from analysis.nn.latency import latencies
from analysis.problem import Problem
from analysis.stats import RankCorrelation
from experiments.commands.latency import available
from experiments.measurements.latency.measure import disagreements, measure, rows
from experiments.measurements.latency.rule import judge, level
from experiments.measurements.latency.view import answer, line, write


def correlation(low, high, n=22, runtimes=1):
    return RankCorrelation((low + high) / 2, low, high, n, level(runtimes))


@pytest.mark.parametrize(
    ("intervals", "expected"),
    [
        ([(0.96, 0.99)], "supported"),
        ([(0.95, 0.99)], "supported"),
        ([(0.96, 0.99), (0.94, 0.99)], "undecided"),
        ([(0.96, 0.99), (0.80, 0.94)], "contradicted"),
        ([(0.80, 0.95)], "undecided"),
    ],
)
def test_every_runtime_must_follow(intervals, expected):
    given = {f"runtime {i}": correlation(*ends, runtimes=len(intervals)) for i, ends in enumerate(intervals)}
    verdict = judge(given, "here")
    assert verdict.verdict == expected
    lowest = min(intervals, key=sum)
    assert (verdict.low, verdict.high) == lowest


def test_the_rule_is_for_the_published_networks():
    for given in ({}, {"eager": correlation(0.9, 1.0, n=21)}, {"eager": correlation(0.9, 1.0, runtimes=2)}):
        with pytest.raises(Problem):
            judge(given, "here")


def row(madds, milliseconds):
    return {"network": f"of {madds}", "madds": madds, "latency": {"eager": {"median": milliseconds}}}


def test_pairs_in_the_wrong_order():
    pairs = disagreements([row(1, 5.0), row(2, 4.0), row(8, 4.5), row(16, 9.0)], "eager")
    assert [(p["fewer"], p["more"]) for p in pairs] == [("of 1", "of 8"), ("of 1", "of 2")]
    assert (pairs[1]["madds"], pairs[1]["latency"]) == (2, 1.25)


def test_every_contestant_has_its_turns():
    calls = []
    found = latencies({name: lambda name=name: calls.append(name) for name in "ab"}, rounds=3, seconds=0.0)
    assert all(len(found[name].turns) == 3 and found[name].low <= found[name].median for name in "ab")
    assert calls.count("a") == calls.count("b") == 3 * (2 + 3)


def test_measured_and_written(tmp_path):
    threads = torch.get_num_threads()
    chosen = [r | {"width": 0.05, "resolution": 32 * i} for i, r in enumerate(rows()[:6], start=1)]
    try:
        measured = measure(chosen, ("eager",), threads=1, rounds=2, seconds=0.0)
    finally:
        torch.set_num_threads(threads)
    conditions = {"threads": 1, "rounds": 2, "seconds": 0.0, "load": 0.0}
    told = answer(measured, conditions, {"processor": "one", "torch": "2"})
    assert told["verdict"] is None
    assert set(told["correlations"]["eager"]) == {"madds", "params", "memory", "pixel1_ms"}
    paths = {str(path.relative_to(tmp_path)) for path in write(told, tmp_path)}
    assert {"latency.json", "tables/latency.md", "tables/latency-pairs.csv", "figures/latency.pdf"} <= paths
    assert not any(path.startswith("verdicts") for path in paths)


def test_the_claim_is_judged_for_all_networks_on_one_thread(tmp_path):
    time = {"low": 1.0, "high": 2.0, "turns": ()}
    measured = [r | {"latency": {"eager": time | {"median": r["madds"] / 1e7}}} for r in rows()]
    conditions = {"threads": 1, "rounds": 2, "seconds": 0.1, "load": 0.0}
    told = answer(measured, conditions, {"processor": "one", "torch": "2"})
    assert told["verdict"]["verdict"] == "supported"
    assert told["disagreements"] == []
    assert "supported" in line(told)
    told = answer(measured, conditions | {"threads": 2}, {"processor": "one", "torch": "2"})
    assert told["verdict"] is None


def test_without_onnx_runtime_eager_goes_on(monkeypatch, capsys):
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    assert available(("eager", "onnxruntime")) == ("eager",)
    assert capsys.readouterr().err.count("\n") == 1
    with pytest.raises(Problem, match="nothing to measure"):
        available(("onnxruntime",))
