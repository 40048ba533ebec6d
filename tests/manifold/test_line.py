"""ReLU of a line: joints counted exactly."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.manifold.line import curve, full_share, sample, sampled_bends
from analysis.problem import Problem

whole = st.integers(-9, 9)
lines = st.integers(1, 5).flatmap(
    lambda n: st.tuples(*[st.lists(whole, min_size=n, max_size=n)] * 2).filter(lambda line: any(line[1]))
)


def test_a_line_in_one_dimension_is_a_ray():
    line = curve([3], [-2])
    assert (line.joints, line.bends, line.rests, line.is_ray) == ((Fraction(3, 2),), 0, True, True)


def test_n_bends_unless_the_line_rests_at_the_origin():
    assert curve([1, 2], [1, -1]).bends == 2
    resting = curve([-1, -2], [1, 1])  # both negative at first: the first sign change is an end, not a bend
    assert (resting.bends, resting.rests) == (1, True)
    through = curve([-1, -1], [1, -1])  # rests between: two sign changes make one bend at the origin
    assert (len(through.joints), through.bends, through.rests) == (2, 1, True)
    assert curve([0, 0, 0], [1, -2, 3]).bends == 1  # through the origin all change sign at once


@given(lines, st.integers(1, 5), st.randoms(use_true_random=False))
@settings(deadline=None, max_examples=60)
def test_scaling_rows_permuting_them_and_reversing_the_line_keep_the_bends(line, scale, random):
    point, direction = line
    before = curve(point, direction)
    order = list(range(len(point)))
    random.shuffle(order)
    scales = [random.randint(1, scale) for _ in order]
    p = [s * point[i] for s, i in zip(scales, order, strict=True)]
    v = [s * direction[i] for s, i in zip(scales, order, strict=True)]
    after = curve(p, [-x for x in v])
    assert (before.bends, before.rests, before.is_ray) == (after.bends, after.rests, after.is_ray)
    assert sorted(-t for t in after.joints) == list(before.joints)
    assert before.bends <= len(before.joints) <= len(point)


@given(lines)
@settings(deadline=None, max_examples=60)
def test_the_sampled_curve_bends_as_often(line):
    exact = curve(*line)
    gaps = np.diff([float(t) for t in exact.joints])
    steps = 4 * (float(exact.joints[-1] - exact.joints[0]) + 2) / min([1.0, *gaps])
    assert sampled_bends(sample(exact, int(steps) + 2)) == exact.bends


def test_share_of_lines_with_n_bends():
    assert [full_share(n) for n in (1, 2, 3)] == [0, Fraction(1, 4), Fraction(1, 2)]


def test_no_line_is_a_problem():
    with pytest.raises(Problem, match="direction not all 0"):
        curve([1, 2], [0, 0])
