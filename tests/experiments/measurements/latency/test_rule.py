"""The rule for latency and multiply-adds."""

import pytest

from analysis.problem import Problem
from analysis.stats import RankCorrelation
from experiments.measurements.latency.rule import NETWORKS, judge, level, ordered


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


def test_pairs_in_the_other_order_are_counted_in_every_runtime():
    madds = list(range(1, NETWORKS + 1))
    same = [[float(m), m + 0.01] for m in madds]
    found = ordered(madds, {"a": same, "b": same}, "here")
    assert (found.verdict, found.effect, found.n) == ("supported", 0.0, NETWORKS * (NETWORKS - 1) // 2)
    assert "known" in found.analysis and found.unit
    found = ordered(madds, {"a": same, "b": same[::-1]}, "here")
    assert (found.verdict, found.effect) == ("contradicted", 1.0)
    assert "a: 0.0% of 231 pairs [0.0%, 0.0%], supported; b: 100.0%" in found.why
    noisy = [[float(m), 30.0 - m] for m in madds]
    found = ordered(madds, {"a": noisy}, "here")
    assert (found.verdict, found.shows) == ("undecided", 0.0) and found.needs
    for turns in ({}, {"a": same[:5]}):
        with pytest.raises(Problem):
            ordered(madds[: len(turns.get("a", madds))], turns, "here")
