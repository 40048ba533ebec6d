"""Positive channels, counted by hand."""

import numpy as np
import pytest

from analysis.manifold.trained.counts import histogram, share_below, spread


def test_positive_channels_counted_by_hand():
    chosen = np.array([[1, 1, 0], [1, 0, 0], [0, 0, 0], [1, 1, 1]], bool)
    counts = histogram(chosen)
    assert counts.tolist() == [1, 1, 1, 1]
    at = spread(counts)
    assert (at.least, at.low, at.mean, at.most) == (0, 0, 1.5, 3)
    assert at.sd == pytest.approx(np.std([2, 1, 0, 3]))
    assert share_below(counts, 2) == 0.5
    rare = np.array([1, 0, 0, 1999])  # a share of 0.0005 lies below the 0.1 % quantile
    assert (spread(rare).least, spread(rare).low) == (0, 3)
