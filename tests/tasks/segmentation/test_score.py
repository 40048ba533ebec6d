"""Mean IoU and loss against their definitions, pixel by pixel."""

import math

import numpy as np
import pytest
import torch
from hypothesis import example, given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from analysis.problem import Problem
from analysis.tasks.segmentation.loss import class_weights, pixel_loss
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


@given(arrays(np.uint8, (2, 2, 3), elements=st.integers(0, 3)), st.integers(0, 99))
def test_loss_is_the_weighted_mean_over_pixels_with_a_class(masks, seed):
    scores = torch.randn(2, 3, 2, 3, generator=torch.Generator().manual_seed(seed))
    weights = (1.0, 0.5, 4.0)
    total = weight = 0.0
    for n, i, j in np.ndindex(2, 2, 3):
        if (k := masks[n, i, j]) < 3:
            values = scores[n, :, i, j].double().tolist()
            total += weights[k] * (math.log(sum(map(math.exp, values))) - values[k])
            weight += weights[k]
    loss = pixel_loss(scores, torch.from_numpy(masks.astype(np.int64)), torch.tensor(weights))
    assert loss.item() == pytest.approx(total / weight if weight else 0.0, rel=1e-4, abs=1e-6)


def test_class_weights_by_hand():
    pixels = np.array([60, 30, 10, 0])
    assert class_weights(pixels, "none") == (1.0, 1.0, 1.0, 1.0)
    assert class_weights(pixels, "median_frequency") == pytest.approx((0.5, 1.0, 3.0, 1.0))
    logs = [1 / math.log(1.02 + p) for p in (0.6, 0.3, 0.1)]
    assert class_weights(pixels, "log") == pytest.approx((*logs, 1.0))
    assert class_weights(np.zeros(2, int), "log") == (1.0, 1.0)
    with pytest.raises(Problem, match="did you mean 'log'"):
        class_weights(pixels, "lgo")
