"""Channels under a width multiplier: rounded as the release does."""

from itertools import islice, pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.arch.channels import scale, thresholds
from analysis.arch.yolo_v2 import YOLOv2
from analysis.problem import Problem


def test_rounding_never_goes_below_nine_tenths():
    assert scale(32, 0.35) == 16  # 11.2 would round to 8, which is below 0.9 of 11.2
    assert scale(24, 0.5) == 16
    assert scale(24, 0.5, "truncate") == 12
    assert all(scale(c, w / 100) >= 0.9 * c * w / 100 for c in range(8, 321, 8) for w in range(10, 200, 5))


@given(channels=st.integers(1, 1280), rounding=st.one_of(st.integers(1, 16), st.just("truncate")))
def test_channels_change_at_the_thresholds_only(channels, rounding):
    steps = list(islice(thresholds(channels, rounding), 20))
    assert steps == sorted(set(steps))
    values = [scale(channels, step, rounding) for step in steps]
    assert len(set(values)) == 20
    between = [(a + b) / 2 for a, b in pairwise(steps)]
    assert [scale(channels, width, rounding) for width in between] == values[:-1]


@pytest.mark.parametrize("rounding", [0, -8, 2.5, "up"])
def test_another_rounding_is_refused(rounding):
    with pytest.raises(Problem, match="neither a whole number of at least 1 nor 'truncate'"):
        scale(32, 1.0, rounding)


def test_one_side_makes_a_square():
    assert (YOLOv2(resolution=32).size, YOLOv2(resolution=(32, 64)).size) == ((32, 32), (32, 64))
