"""The toy: measures with known values, invariances, and wrong input."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.manifold.activations import ACTIVATIONS
from analysis.manifold.matrices import load_matrices, random_matrices
from analysis.manifold.measures import measure, nonlinear_share, passage
from analysis.manifold.points import POINT_SETS, point_set, spiral
from analysis.manifold.sweep import Bands, Condition, sweep, typical
from analysis.manifold.theory.collapse import collapsed_share
from analysis.problem import Problem

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


def test_the_mean_of_lost_is_theorem_1():
    (bands,) = sweep(Condition(), (4,), draws=600)
    spread = bands.measures.lost.std() / np.sqrt(bands.draws)
    assert abs(bands.mean("lost") - float(collapsed_share(2, 4))) < 4 * spread


def test_figure_1_loses_at_2_and_3_and_returns_at_15_and_30():
    bands = {b.n: b for b in sweep(Condition(), (2, 3, 15, 30), draws=100)}
    for n in (2, 3):
        _, way, _ = typical(bands[n], 100)
        assert (way.rank < 2).mean() > 0.3
    for n in (15, 30):
        points, way, _ = typical(bands[n], 100)
        np.testing.assert_allclose(way.recovered[0], points, atol=1e-9)
    assert bands[30].mean("pseudoinverse") < bands[15].mean("pseudoinverse") < bands[3].mean("pseudoinverse")
    assert bands[30].mean("back_nonlinear") < bands[15].mean("back_nonlinear") < bands[3].mean("back_nonlinear")


def test_draws_do_not_depend_on_the_other_dimensions():
    (alone,) = sweep(Condition(), (5,), draws=10, seed=3)
    among = sweep(Condition(), (3, 5), draws=10, seed=3)[1]
    assert all(np.array_equal(a, b) for a, b in zip(alone.measures, among.measures, strict=True))
    assert not np.array_equal(
        sweep(Condition(), (5,), draws=10, seed=4)[0].measures.nonlinear, alone.measures.nonlinear
    )


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


@given(seeds, st.integers(1, 9), st.integers(1, 4))
@settings(deadline=None, max_examples=25)
def test_orthogonal_matrices_are_orthogonal(seed, n, d):
    (b,) = random_matrices("orthogonal", 1, n, d, np.random.default_rng(seed))
    gram = b.T @ b if n >= d else b @ b.T
    np.testing.assert_allclose(gram, max(n, d) * np.eye(min(n, d)), atol=1e-9)


@pytest.mark.parametrize("name", POINT_SETS)
def test_point_sets_are_distinct_points_of_radius_one(name):
    points = point_set(name, 60)
    assert len(np.unique(points.round(9), axis=0)) == 60
    assert np.linalg.norm(points, axis=1).max() == pytest.approx(1)


@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_what_an_activation_tells_is_true(activation):
    apply, read = ACTIVATIONS[activation]
    u = np.linspace(-9, 9, 181)
    values, told = read(apply(u))
    np.testing.assert_allclose(values[told], u[told], atol=1e-12)
    assert told.sum() == {"relu": 90, "relu6": 59, "leaky_relu": 181, "linear": 181}[activation]


def test_a_file_of_points_and_of_matrices(tmp_path):
    np.save(tmp_path / "points.npy", spiral(20).astype(np.float32))
    np.save(tmp_path / "trained.npy", np.ones((7, 4, 2)))
    (bands,) = sweep(Condition(str(tmp_path / "points.npy"), str(tmp_path / "trained.npy")))
    assert isinstance(bands, Bands)
    assert (bands.n, bands.draws) == (4, 7)
    assert bands.mean("lost") == 1  # rows all alike: rank 1
    assert load_matrices(tmp_path / "points.npy", 2).shape == (1, 20, 2)
    np.save(tmp_path / "many.npy", spiral(5000))
    assert point_set(str(tmp_path / "many.npy")).shape == (256, 2)
    with pytest.raises(Problem, match="the points have 3 dimensions"):
        load_matrices(tmp_path / "points.npy", 3)


@pytest.mark.parametrize(
    ("array", "message"),
    [
        (np.array([[0.0, np.nan]] * 4), "NaN or infinite"),
        (np.zeros(5), "shape \\(5,\\)"),
        (np.zeros((2, 2)), "at least 3 points"),
        (np.zeros((9, 33)), "at most 32 dimensions"),
        (np.ones((5, 2)), "one point 5 times"),
        (np.array([["a", "b"]] * 4), "real numbers"),
        (np.array([[{}, {}]] * 4, dtype=object), "not a plain .npy file"),
    ],
)
def test_a_wrong_file_is_a_problem(tmp_path, array, message):
    np.save(tmp_path / "wrong.npy", array, allow_pickle=True)
    with pytest.raises(Problem, match=message):
        point_set(str(tmp_path / "wrong.npy"))


def test_other_wrong_input_is_a_problem(tmp_path):
    (tmp_path / "text.npy").write_text("x,y")
    (tmp_path / "empty.npy").write_bytes(b"")
    np.savez(tmp_path / "archive", a=np.zeros((4, 2)))
    (tmp_path / "archive.npz").rename(tmp_path / "archive.npy")
    for path in ("text.npy", "empty.npy", "absent.npy", "archive.npy"):
        with pytest.raises(Problem, match="cannot read"):
            point_set(str(tmp_path / path))
    with pytest.raises(Problem, match="unknown activation"):
        Condition(activation="gelu")
    for scale, bias in ((0.0, 0.0), (float("nan"), 0.0), (1.0, -1.0), (1.0, float("inf"))):
        with pytest.raises(Problem, match="must be positive"):
            Condition(scale=scale, bias=bias)
    for name, kind in (("spirale", "gaussian"), ("spiral", "gauss")):
        with pytest.raises(Problem, match="did you mean"):
            sweep(Condition(name, kind), (3,), draws=2)
    with pytest.raises(Problem, match="at least 1"):
        sweep(Condition(), (3,), draws=0)
