"""Roots are found to the last bit, of rising and of falling functions."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.stats.roots import find_root


@given(st.floats(0.01, 100))
def test_the_root_of_a_monotone_function_is_found(at):
    assert find_root(lambda x: x**3 - at**3, 0.0, 200.0) == pytest.approx(at, rel=1e-14)
    assert find_root(lambda x: at - x, 0.0, 200.0) == pytest.approx(at, rel=1e-15)


def test_a_root_far_from_both_ends():
    assert find_root(lambda x: math.log(x), 1e-9, 1e9) == pytest.approx(1, rel=1e-14)
