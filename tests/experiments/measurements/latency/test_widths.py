"""The search finds the widths of a planted clock, and says where there is none."""

import math
import random

import pytest

from analysis.arch import preset, unroll
from analysis.cost import count
from analysis.problem import Problem
from experiments.measurements.latency import widths
from experiments.measurements.latency.widths import measure, searched
from experiments.study import Study

STUDY = Study(
    name="mine",
    question="?",
    arms={
        "a": preset("brief"),
        "5 x 5": preset("brief", kernel=5, rounding=1),
        "narrow": preset("brief", rounding=1, width=0.8),
        "same": preset("brief", activation="relu"),
    },
)


def clock(networks, noise=0.02, rounds=12):
    """Time follows multiply-adds, and each round has a speed of its own."""
    draw = random.Random(0)
    speeds = [math.exp(draw.gauss(0, 0.5)) for _ in range(rounds)]
    return {
        name: [speed * count(unroll(variant)).madds ** 0.8 * math.exp(draw.gauss(0, noise)) for speed in speeds]
        for name, variant in networks.items()
    }


def test_arms_get_the_width_that_takes_as_long_as_the_first_arm():
    found = searched(STUDY, clock)
    assert list(found) == ["5 x 5", "narrow", "same"]
    for equal in found.values():
        assert equal.low <= equal.ratio <= equal.high
        assert equal.ratio == pytest.approx(1, abs=0.06)  # a step of the width
    assert 0.6 < found["5 x 5"].width < 0.95
    assert 0.9 < found["narrow"].width < 1.1
    assert found["same"].width == 1.0  # every width near it gives the network of its own width


def test_no_width_in_the_range_is_one_line():
    def slow(networks):
        found = clock(networks)
        return {name: [t * (5 if "5 x 5" in name else 1) for t in times] for name, times in found.items()}

    with pytest.raises(
        Problem, match=r"no width brings to the latency of 'a': '5 x 5' \(.* times as long at widths 0\.4 to 1\.6\)\. "
    ):
        searched(STUDY, slow)
    with pytest.raises(Problem, match=r"'5 x 5' .*, 'narrow' .*, 'same' "):
        searched(STUDY, lambda networks: {name: [1.0, 1.1, 0.9] for name in networks})  # does not follow the width


def test_a_real_measurement_says_how_it_was_made(monkeypatch):
    monkeypatch.setattr(widths, "RANGE", (0.9, 1.1))
    monkeypatch.setattr(widths, "COARSE", 2)
    monkeypatch.setattr(widths, "FINE", 1)
    monkeypatch.setattr(widths, "_crossing", lambda ratios: 1.0)  # the clock of a busy machine proves nothing
    tiny = {"rows": ((None, 8, 1, 2),), "stem": 8, "last": 16, "resolution": 8}
    arms = {"a": preset("brief", **tiny), "b": preset("brief", kernel=5, rounding=1, **tiny)}
    found = measure(Study(name="s", question="?", arms=arms), "eager", rounds=2, seconds=0.0)
    assert found.conditions["runtime"] == "eager" and found.conditions["rounds"] == 2
    assert found.of == {arm: variant.text for arm, variant in arms.items()}
    assert found.arms["b"].width == 1.0 and found.arms["b"].ratio > 0
    assert "torch" in found.environment
