"""Dimensions are those that were planted."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.manifold.trained.dimension import components_for, participation_ratio, rank, spectrum, two_nn
from analysis.problem import Problem


def rng(seed=0):
    return np.random.default_rng(seed)


@pytest.mark.parametrize("dimension", [1, 2, 5])
def test_twonn_finds_a_planted_dimension(dimension):
    flat = rng().random((1500, dimension))
    bent = np.hstack([flat, np.sin(3 * flat), flat**2])  # a smooth graph has the dimension of its base
    assert two_nn(flat) == pytest.approx(dimension, rel=0.12)
    assert two_nn(bent) == pytest.approx(dimension, rel=0.2)


@given(st.integers(0, 1000), st.floats(0.01, 100))
def test_dimensions_do_not_change_under_rotation_shift_and_scale(seed, scale):
    points = rng(seed).standard_normal((60, 4)) * [4, 2, 1, 0.5]
    rotation = np.linalg.qr(rng(seed + 1).standard_normal((4, 4)))[0]
    moved = scale * points @ rotation + 3
    assert two_nn(moved) == pytest.approx(two_nn(points), rel=1e-6)
    before, after = (spectrum(np.cov(x.T)) for x in (points, moved))
    assert participation_ratio(after) == pytest.approx(participation_ratio(before), rel=1e-6)
    assert components_for(after) == components_for(before)


def test_equal_points_count_once_and_too_few_have_no_dimension():
    points = rng().random((300, 2))
    assert two_nn(np.vstack([points, points])) == two_nn(points)
    assert np.isnan(two_nn(np.ones((100, 3))))
    with pytest.raises(Problem, match="finite"):
        two_nn(np.full((30, 2), np.nan))


def test_linear_dimensions_of_planted_variances():
    equal = np.array([2.0, 2, 2, 0, 0])
    assert (participation_ratio(equal), components_for(equal), rank(equal)) == (pytest.approx(3), 3, 3)
    assert components_for(np.array([95.0, 5])) == 1
    assert components_for(np.array([94.0, 6])) == 2
    none = np.zeros(4)
    assert (participation_ratio(none), components_for(none), rank(none)) == (0, 0, 0)
    mixed = rng().standard_normal((500, 3)) @ rng(1).standard_normal((3, 20))
    assert rank(spectrum(np.cov(mixed.T))) == 3
