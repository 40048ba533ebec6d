"""Intersection over union against its definition, pixel by pixel."""

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from analysis.tasks.segmentation.score import class_iou, confusion, mean_iou

K = 4
VOID = np.full((3, 3), K, np.uint8)
TWO = np.array([[0, 0, 1], [1, K, 0], [0, 0, 1]], np.uint8)


@given(arrays(np.uint8, (3, 3), elements=st.integers(0, K)), arrays(np.uint8, (3, 3), elements=st.integers(0, K - 1)))
@example(VOID, np.zeros((3, 3), np.uint8))  # nothing to score
@example(TWO, np.full((3, 3), 3, np.uint8))  # a class predicted that is not there
@example(TWO, TWO % K)  # all right, two classes absent
def test_iou_is_that_of_sets_of_pixels(truth, prediction):
    places = [place for place in np.ndindex(truth.shape) if truth[place] != K]
    expected = []
    for k in range(K):
        is_k, said_k = ({p for p in places if mask[p] == k} for mask in (truth, prediction))
        expected.append(len(is_k & said_k) / len(is_k | said_k) if is_k | said_k else None)
    matrix = confusion(truth, prediction, K)
    assert matrix.dtype == np.int64
    assert matrix.tolist() == [
        [sum(truth[p] == t and prediction[p] == s for p in places) for s in range(K)] for t in range(K)
    ]
    assert class_iou(matrix) == tuple(expected)
    known = [value for value in expected if value is not None]
    assert mean_iou(matrix) == (sum(known) / len(known) if known else None)


def test_iou_by_hand():
    matrix = np.array([[6, 2, 0], [1, 3, 0], [0, 0, 0]])
    assert class_iou(matrix) == (6 / 9, 3 / 6, None)
    assert mean_iou(matrix) == pytest.approx((6 / 9 + 3 / 6) / 2)
    assert mean_iou(np.zeros((3, 3), int)) is None
