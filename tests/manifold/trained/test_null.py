"""What there would be without anything to find: coins and Gaussians."""

import math

import numpy as np
import pytest

from analysis.manifold.trained.null import null_components, over_coins
from analysis.manifold.trained.rows import Positive
from analysis.problem import Problem


def row(mean, sd, channels=100):
    return Positive("a", 0, "trained", "b", False, 16, channels, 1000, 1, 1, mean, 90, sd, 0.0, 0.0)


def test_independent_coins_have_a_ratio_of_one():
    flips = np.random.default_rng(0).random((20000, 100)) < 0.3
    counts = flips.sum(1)
    assert over_coins(row(float(counts.mean()), float(counts.std()))) == pytest.approx(1, abs=0.02)
    assert over_coins(row(50, 50)) == pytest.approx(math.sqrt(100))
    assert over_coins(row(100, 0)) == math.inf


def test_a_gaussian_of_fewer_dimensions_needs_fewer_components():
    found = [null_components(d, 16, 96, points=1500, draws=1) for d in (2, 8, 16)]
    assert found == sorted(found) and found[0] < found[1] / 2 < found[2]
    assert 16 < found[2] < 96
    for sizes in ((0, 4, 8), (5, 4, 8), (2, 4, 0)):
        with pytest.raises(Problem, match="give 1 or more, in order"):
            null_components(*sizes)
