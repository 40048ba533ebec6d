"""What activations would be if there were nothing to find: independent coins, a Gaussian that fills its dimensions."""

import math
from functools import lru_cache

import numpy as np

from analysis.manifold.trained.dimension import components_for, spectrum
from analysis.manifold.trained.rows import Positive
from analysis.problem import Problem


def over_coins(row: Positive) -> float:
    """The spread of positive channels over pixels, in that of independent coins of the same mean.

    sd / sqrt(c p (1 - p)) for c channels of which the share p is positive on average. 1 for independent channels,
    sqrt(c) where all are positive together. Infinite where p is 0 or 1.
    """
    share = row.mean / row.channels
    coins = math.sqrt(row.channels * share * (1 - share)) if 0 < share < 1 else 0.0
    return row.sd / coins if coins else math.inf


@lru_cache(maxsize=256)
def null_components(dimensions: int, inputs: int, channels: int, points: int = 4000, draws: int = 5) -> float:
    """Mean number of components that hold 95 % of the variance of ReLU6(norm(B x)).

    x is Gaussian in `dimensions` of its `inputs` dimensions, alike in each. B (channels, inputs) has independent
    Gaussian entries, and the norm gives each channel mean 0 and variance 1. Simulated with fixed draws.

    Raises:
        Problem: no dimension, more dimensions than inputs, or no channel.
    """
    if not 1 <= dimensions <= inputs or channels < 1:
        raise Problem(f"{dimensions} dimensions of {inputs} inputs and {channels} channels: give 1 or more, in order")
    generator = np.random.default_rng((dimensions, inputs, channels))
    found = []
    for _ in range(draws):
        x = generator.standard_normal((points, dimensions)) @ generator.standard_normal((dimensions, inputs))
        mixed = (x if dimensions < inputs else generator.standard_normal((points, inputs))) @ generator.standard_normal(
            (inputs, channels)
        )
        active = np.clip((mixed - mixed.mean(0)) / mixed.std(0), 0, 6)
        found.append(components_for(spectrum(np.atleast_2d(np.cov(active.T)))))
    return float(np.mean(found))
