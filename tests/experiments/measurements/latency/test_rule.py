"""The rule for latency and multiply-adds."""

import pytest

from analysis.problem import Problem
from analysis.stats import RankCorrelation
from experiments.measurements.latency.rule import judge, level


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
