"""Comparisons that hold jointly."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.problem import Problem
from analysis.stats import holm, paired_difference, simultaneous_level

p_values = st.lists(st.floats(0, 1), max_size=8)


def test_holm_by_hand():
    assert holm([0.01, 0.04, 0.03, 0.005]) == pytest.approx((0.03, 0.06, 0.06, 0.02))
    assert holm([0.6, 0.7]) == (1, 1)
    assert holm([]) == ()


@given(p_values, st.floats(0.001, 0.2))
def test_holm_rejects_step_by_step(values, alpha):
    """Adjusted values reject what Holm's procedure does: go up from the smallest, stop at the first failure."""
    rejected: set[int] = set()
    for rank, i in enumerate(sorted(range(len(values)), key=values.__getitem__)):
        if (len(values) - rank) * values[i] > alpha:
            break
        rejected.add(i)
    assert {i for i, p in enumerate(holm(values)) if p <= alpha} == rejected


@given(p_values)
def test_holm_lies_between_raw_and_bonferroni(values):
    for raw, adjusted in zip(values, holm(values), strict=True):
        assert raw <= adjusted <= min(1, len(values) * raw) or adjusted == raw


@pytest.mark.parametrize("planted", [(0, 0, 0, 0), (3, 3, 0, 0)])
def test_familywise_false_alarms(simulate, planted):
    """At most 5 % of studies raise any false alarm, whether all effects are absent or some are large.

    The comparisons share their baseline.
    """
    alarms = 0
    for baseline, *others in simulate((0, *planted)):
        adjusted = holm([paired_difference(other, baseline).p for other in others])
        alarms += any(p <= 0.05 for p, effect in zip(adjusted, planted, strict=True) if effect == 0)
    assert 0.01 < alarms / 2000 < 0.05 + 4 * (0.05 * 0.95 / 2000) ** 0.5


def test_simultaneous_intervals_hold_together(simulate):
    level, joint = simultaneous_level(4), 0
    for baseline, *others in simulate((0, 1, 2, 3, 4)):
        ends = [paired_difference(other, baseline).interval(level) for other in others]
        joint += all(low <= effect <= high for (low, high), effect in zip(ends, (1, 2, 3, 4), strict=True))
    assert 0.95 - 4 * (0.05 * 0.95 / 2000) ** 0.5 < joint / 2000 < 0.99


def test_wrong_input_is_a_problem():
    with pytest.raises(Problem, match=r"1\.2 is not a p value"):
        holm([0.1, 1.2])
    with pytest.raises(Problem, match="0 comparisons"):
        simultaneous_level(0)
