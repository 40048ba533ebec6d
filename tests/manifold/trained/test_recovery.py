"""A linear map is recovered, a bent one by random features alone, and noise not at all."""

import numpy as np

from analysis.manifold.trained.recovery import recovered


def rng(seed=0):
    return np.random.default_rng(seed)


def test_a_linear_map_is_recovered_and_a_bent_one_by_random_features_alone():
    x = rng().standard_normal((2000, 3))
    mixed = x @ rng(1).standard_normal((3, 12)) + 1
    assert recovered((mixed[:1000], x[:1000]), (mixed[1000:], x[1000:])) > 0.999
    bent = x[:, :1] ** 2
    linear, nonlinear = (recovered((x[:1000], bent[:1000]), (x[1000:], bent[1000:]), n) for n in (0, 256))
    assert linear < 0.1
    assert nonlinear > 0.95


def test_noise_recovers_nothing_from_noise():
    noise, x = rng().standard_normal((2000, 12)), rng(1).standard_normal((2000, 3))
    assert abs(recovered((noise[:1000], x[:1000]), (noise[1000:], x[1000:]))) < 0.05
