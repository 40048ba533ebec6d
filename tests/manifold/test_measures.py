"""Measures with known values, and what changes none of them."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.manifold.activations import ACTIVATIONS
from analysis.manifold.matrices import random_matrices
from analysis.manifold.measures import measure, nonlinear_share, passage
from analysis.manifold.points import spiral

RELU = ACTIVATIONS["relu"]

POINTS = spiral(40)

PAIRS = np.random.default_rng(0).integers(40, size=(30, 2))

seeds = st.integers(0, 10**6)

dimensions = st.integers(2, 12)


def measured(points, matrices, bias=None, activation=RELU):
    bias = np.zeros(matrices.shape[:2]) if bias is None else bias
    return measure(points, matrices, bias, activation, PAIRS)


def assert_same(before, after, names, tolerance=1e-6):
    for name in names:
        np.testing.assert_allclose(getattr(before, name), getattr(after, name), atol=tolerance, err_msg=name)


def test_identity_and_its_mirror_lose_nothing():
    """B = (I; -I): ReLU keeps both signs, so all is told, and B^+ y is exactly x/2: no bend on the way back."""
    both = np.concatenate([np.eye(2), -np.eye(2)])[None]
    m = measured(POINTS, both)
    assert m.lost[0] == m.merged[0] == 0
    assert max(m.active_rows[0], m.pseudoinverse[0], m.back_nonlinear[0]) < 1e-7
    assert m.nonlinear[0] > 0.1
    np.testing.assert_allclose(passage(POINTS, both, np.zeros((1, 4)), RELU).back[0], POINTS / 2, atol=1e-12)


def test_the_identity_keeps_one_quadrant():
    m = measured(POINTS, np.eye(2)[None])
    assert m.lost[0] == np.mean((POINTS <= 0).any(axis=1))
    assert m.nonconvex[0] == 0  # the image is the quadrant, which is convex
    recovered = passage(POINTS, np.eye(2)[None], np.zeros((1, 2)), RELU).recovered[0]
    np.testing.assert_allclose(recovered, np.maximum(POINTS, 0), atol=1e-12)


def test_without_activation_nothing_bends():
    matrices = random_matrices("gaussian", 20, 6, 2, np.random.default_rng(0))
    m = measured(POINTS, matrices, activation=ACTIVATIONS["linear"])
    for name in ("lost", "nonlinear", "nonconvex", "pseudoinverse", "unscaled", "back_nonlinear", "active_rows"):
        assert getattr(m, name).max() < 1e-6, name


def test_midpoint_off_the_image():
    """B = (1; -1) maps the line to an L; the midpoint of its two arms is off it, that of one arm's points on it."""
    points = np.array([[-1.0], [-2.0], [1.0], [2.0]])
    b = np.array([[[1.0], [-1.0]]])
    across = measure(points, b, np.zeros((1, 2)), RELU, np.array([[0, 2], [1, 3]]))
    within = measure(points, b, np.zeros((1, 2)), RELU, np.array([[0, 1], [2, 3]]))
    assert (across.nonconvex[0], within.nonconvex[0]) == (1.0, 0.0)


def test_a_constant_image_counts_as_affine():
    assert nonlinear_share(POINTS, np.ones((1, 40, 3)))[0] == 0


@given(seeds, dimensions, st.floats(0, 2 * np.pi))
@settings(deadline=None, max_examples=25)
def test_a_rotation_of_the_input_changes_nothing(seed, n, angle):
    matrices = random_matrices("gaussian", 3, n, 2, np.random.default_rng(seed))
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    before, after = measured(POINTS, matrices), measured(POINTS @ turn.T, matrices @ turn.T)
    # merged compares distances with a threshold; a distance may round to either side of it.
    assert_same(before, after, [name for name in before._fields if name not in ("merged", "nonconvex")], 1e-5)
    assert_same(before, after, ["merged", "nonconvex"], 0.1)


@given(seeds, dimensions)
@settings(deadline=None, max_examples=25)
def test_a_permutation_of_the_rows_changes_nothing(seed, n):
    generator = np.random.default_rng(seed)
    matrices = random_matrices("orthogonal", 3, n, 2, generator)
    before, after = measured(POINTS, matrices), measured(POINTS, matrices[:, generator.permutation(n)])
    assert_same(before, after, before._fields, 1e-5)


@given(seeds, dimensions)
@settings(deadline=None, max_examples=25)
def test_positive_scaling_of_the_rows_keeps_what_is_determined(seed, n):
    generator = np.random.default_rng(seed)
    matrices = random_matrices("gaussian", 3, n, 2, generator)
    scaled = matrices * generator.uniform(0.2, 5.0, size=(3, n, 1))
    before, after = measured(POINTS, matrices), measured(POINTS, scaled)
    assert_same(before, after, ["lost"])
    determined = passage(POINTS, scaled, np.zeros((3, n)), RELU)
    kept = determined.rank == 2
    np.testing.assert_allclose(determined.recovered[kept], np.broadcast_to(POINTS, (3, 40, 2))[kept], atol=1e-4)


@given(seeds, dimensions, st.floats(0.01, 100))
@settings(deadline=None, max_examples=25)
def test_scaling_the_input_keeps_relative_measures(seed, n, scale):
    matrices = random_matrices("gaussian", 3, n, 2, np.random.default_rng(seed))
    before, after = measured(POINTS, matrices), measured(scale * POINTS, matrices)
    assert_same(before, after, [name for name in before._fields if name not in ("merged", "nonconvex")], 1e-5)
