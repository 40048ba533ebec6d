"""A printed number holds by stated rules, and an explanation is a computed value."""

import random

import pytest

from experiments.audit.judge import agreeing, agreement, judge


@pytest.mark.parametrize(
    ("printed", "value", "how"),
    [
        ("384", 384.0, "exact"),
        ("4.24", 4.2399, "nearest"),
        ("300.0", 300.77, "cut, not rounded"),
        ("150", 149.497, "rounded twice, first to 149.5"),
        ("6.9", 6.06, None),
        ("1600", 1605.6, None),
    ],
)
def test_agreement(printed, value, how):
    assert agreement(printed, value) == how
    assert agreement("1600", 1605.6, coarse=0.05) == "to 2 digits"
    assert agreement("200", 150.5, coarse=0.05) is None


def test_a_difference_is_explained_by_a_computed_value_or_not_at_all():
    found = judge("x", "here", "it", "2.0", 1.0, [("three times", 3.0), ("twice", 2.0)])
    assert (found.verdict, found.explanation, found.tried, found.ratio) == ("differs", "twice: 2", 2, 2.0)
    assert found.fit == 1
    assert judge("x", "here", "it", "2.0", 1.0, [("three times", 3.0)]).explanation == "not explained"


@pytest.mark.parametrize(("printed", "coarse"), [("3.4", 0), ("140", 0), ("433.24", 0), ("1600", 0.05), ("7", 0)])
def test_chance_is_how_often_wrong_hypotheses_agree(printed, coarse):
    draw = random.Random(0)
    values = [float(printed) * 2 ** draw.uniform(-1, 1) for _ in range(50_000)]
    share = sum(agreement(printed, value, coarse) is not None for value in values) / len(values)
    assert agreeing(printed, coarse) == pytest.approx(share, rel=0.2, abs=0.0003)
    found = judge("x", "here", "it", printed, float(printed) * 3, [("wrong", 0.0)] * 10, coarse=coarse)
    assert found.chance == pytest.approx(10 * agreeing(printed, coarse), abs=1e-4)
