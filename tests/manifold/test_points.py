"""Point sets, and files of points."""

import numpy as np
import pytest

from analysis.manifold.points import POINT_SETS, point_set
from analysis.problem import Problem


@pytest.mark.parametrize("name", POINT_SETS)
def test_point_sets_are_distinct_points_of_radius_one(name):
    points = point_set(name, 60)
    assert len(np.unique(points.round(9), axis=0)) == 60
    assert np.linalg.norm(points, axis=1).max() == pytest.approx(1)


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
