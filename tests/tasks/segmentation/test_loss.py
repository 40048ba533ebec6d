"""The loss against its definition, pixel by pixel, and the weights of the classes by hand."""

import math

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from analysis.problem import Problem
from analysis.tasks.segmentation.loss import class_weights, pixel_loss


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


def test_a_batch_of_void_alone_has_no_loss():
    scores = torch.randn(1, 3, 2, 2, requires_grad=True)
    loss = pixel_loss(scores, torch.full((1, 2, 2), 3), torch.ones(3))
    loss.backward()
    assert loss.item() == 0.0
    assert not scores.grad.any()
