"""The rule for what splitting costs."""

import random

import pytest

from analysis.problem import Problem
from experiments.measurements.splitting.rule import FURTHER, ROUNDS, SMALL, efficiency, judge, slower


def made(cost: dict[int, float], rounds: int = ROUNDS, noise: float = 0.02) -> dict[int, list[float]]:
    """Times of rounds in which g ways cost so many milliseconds, on a machine that is slower in some rounds."""
    draw = random.Random(0)
    busy = [draw.uniform(1, 2) for _ in range(rounds)]
    return {g: [ms * b * draw.uniform(1 - noise, 1 + noise) for b in busy] for g, ms in cost.items()}


@pytest.mark.parametrize(
    ("cost", "found"),
    [
        ({5: 30, 8: 33, 16: 40, 32: 60}, "supported"),
        ({5: 30, 8: 30, 16: 40, 32: 60}, "contradicted"),  # 8 ways cost nothing more
        ({5: 30, 8: 27, 16: 40, 32: 60}, "contradicted"),
    ],
)
def test_the_rule_follows_what_splitting_costs(cost, found):
    assert judge(made(cost), "here").verdict == found


def test_noise_leaves_it_undecided():
    assert judge(made({5: 30, 8: 31, 16: 40, 32: 60}, noise=0.3), "here").verdict == "undecided"


def test_busy_rounds_fall_out_of_paired_differences():
    times = made({5: 20, 8: 40}, noise=0)
    assert slower(times, 8, 5).mean == pytest.approx(69.3147, abs=1e-3)  # 100 ln 2
    assert slower(times, 8, 5).high == pytest.approx(69.3147, abs=1e-3)


def test_few_or_other_rounds_are_refused():
    with pytest.raises(Problem, match=f"{ROUNDS} rounds"):
        judge(made(dict.fromkeys((SMALL, *FURTHER), 1.0), rounds=ROUNDS - 1), "here")
    with pytest.raises(Problem, match="same rounds"):
        slower({5: [1.0], 8: [1.0, 2.0]}, 8, 5)


@pytest.mark.parametrize(("ms", "word"), [(15, "supported"), (25, "contradicted"), (20, "undecided")])
def test_five_ways_keep_most_of_the_speed_or_not(ms, word):
    found = efficiency(made({1: 10, 5: ms, 8: 40}), "here")
    assert found.verdict == word
    assert found.effect == pytest.approx(10 / ms, rel=0.02)
    assert found.low < found.effect < found.high
    assert "25% at 8 ways" in found.why
    with pytest.raises(Problem, match="rounds"):
        efficiency(made({1: 10, 5: 20}, rounds=3), "here")
