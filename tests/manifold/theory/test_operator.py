"""The operator's shares of variance and folds, where they are known."""

import numpy as np
import pytest

from analysis.manifold.theory.operator import AFFINE_SHARE_OF_RELU, _folds, operators


def test_one_row_folds_where_no_coordinate_is_positive_or_the_sign_changes():
    a, b = np.array([[1.0, -1.0]]), np.array([[1.0], [-1.0]])  # A ReLU(Bx) = x
    both, one = np.array([[1.0, 0.0], [0.0, 1.0]]), np.array([[1.0, 0.0], [0.0, 0.0]])
    assert _folds(a, b, both) == 0.0
    assert _folds(abs(a), b, both) == 1.0  # |x|
    assert _folds(a, b, one) == 1.0  # rank 0 at one point


def test_an_expansion_determines_more_and_turns_linear():
    narrow, wide = operators(4, (1, 8), draws=3)
    assert narrow.determined == 1 / 2**4
    assert narrow.determined < wide.determined < 1
    assert wide.affine_inverse > narrow.affine_inverse
    assert wide.recovered > narrow.recovered
    assert wide.affine_relu == pytest.approx(AFFINE_SHARE_OF_RELU, abs=0.03)
