"""Ensembles of matrices, and matrices from a file."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.manifold.matrices import load_matrices, random_matrices
from analysis.manifold.points import point_set, spiral
from analysis.manifold.sweep import Bands, Condition, sweep
from analysis.problem import Problem

seeds = st.integers(0, 10**6)


@given(seeds, st.integers(1, 9), st.integers(1, 4))
@settings(deadline=None, max_examples=25)
def test_orthogonal_matrices_are_orthogonal(seed, n, d):
    (b,) = random_matrices("orthogonal", 1, n, d, np.random.default_rng(seed))
    gram = b.T @ b if n >= d else b @ b.T
    np.testing.assert_allclose(gram, max(n, d) * np.eye(min(n, d)), atol=1e-9)


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
