"""Linear algebra over the rationals, by hand and against numpy."""

from fractions import Fraction

import numpy as np
import pytest

from analysis.manifold.theory.exact import dot, echelon, null_vector, polish, rank, rational


def test_echelon_form_by_hand():
    rows, pivots = echelon(rational([[0, 2, 4], [1, 1, 1], [1, 3, 5]]))
    assert pivots == [0, 1]
    assert rows == [[1, 0, -1], [0, 1, 2]]
    assert echelon([]) == ([], [])


@pytest.mark.parametrize("seed", range(8))
def test_rank_and_null_vector_are_those_of_numpy(seed):
    matrix = np.random.default_rng(seed).integers(-2, 3, size=(3, 4)) @ np.diag([1, 1, 0, seed % 2])
    rows = rational(matrix.tolist())
    assert rank(rows) == np.linalg.matrix_rank(matrix)
    d = null_vector(rows, 4)
    assert d is not None
    assert any(d)
    assert all(dot(row, d) == 0 for row in rows)


def test_full_rank_leaves_no_null_vector():
    assert null_vector(rational([[1, 2], [3, 4]]), 2) is None


def test_a_rounded_solution_becomes_an_exact_one_next_to_it():
    x = polish(rational([[3, 0, 1]]), [Fraction(1)], [0.2501, 0.5, 0.25])
    assert 3 * x[0] + x[2] == 1
    assert x[1:] == (Fraction(1, 2), Fraction(1, 4))
