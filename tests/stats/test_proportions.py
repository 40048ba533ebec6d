"""Shares, pairs and orders against numbers worked out by others or by hand."""

import math

import numpy as np
import pytest
from scipy.stats import binom

from analysis.problem import Problem
from analysis.stats.proportions import mcnemar, order, wilson


def test_wilsons_interval_is_that_of_the_literature():
    """Newcombe (1998), table I, method 3: 81/263, 15/148, 0/20, 1/29."""
    for count, n, low, high in ((81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611),
                                (1, 29, 0.0061, 0.1718)):  # fmt: skip
        found = wilson(count, n)
        assert (found.low, found.high) == pytest.approx((low, high), abs=5e-5)
    assert wilson(20, 20).high == 1 and wilson(547, 700).percent == "78.1 [74.9, 81.0]"
    for count, n in ((1, 0), (3, 2), (-1, 5)):
        with pytest.raises(Problem, match="is not a share"):
            wilson(count, n)


def test_mcnemar_is_a_coin_for_images_that_one_alone_has_right():
    first = [True] * 12 + [False] * 5 + [True] * 30 + [False] * 10
    second = [False] * 12 + [True] * 5 + [True] * 30 + [False] * 10
    found = mcnemar(first, second)
    assert (found.first_only, found.second_only, found.n) == (12, 5, 57)
    assert found.p == pytest.approx(2 * binom.cdf(5, 17, 0.5))
    assert found.difference == pytest.approx(7 / 57) and found.low < 7 / 57 < found.high
    assert mcnemar(second, first).low == pytest.approx(-found.high)
    assert mcnemar(first, first).p == 1 and "+0.0" in mcnemar(first, first).points
    with pytest.raises(Problem, match="cannot be paired"):
        mcnemar([True], [])


def test_the_interval_of_a_difference_covers():
    rng = np.random.default_rng(0)
    held = 0
    for _ in range(400):
        table = rng.multinomial(200, [0.5, 0.15, 0.08, 0.27])
        first = [True] * table[0] + [True] * table[1] + [False] * table[2] + [False] * table[3]
        second = [True] * table[0] + [False] * table[1] + [True] * table[2] + [False] * table[3]
        found = mcnemar(first, second)
        held += found.low <= 0.07 <= found.high
    assert 0.92 <= held / 400 <= 0.99


def test_an_order_is_kendalls_and_its_interval_widens_where_networks_are_alike():
    rng = np.random.default_rng(1)
    hard = rng.random(300)
    apart = np.array([hard < share for share in (0.9, 0.6, 0.3, 0.1)])
    found = order(apart, [4, 3, 2, 1], draws=200)
    assert found.tau == 1 and found.low == 1 and found.n == 4
    alike = rng.random((4, 300)) < 0.5
    loose = order(alike, [4, 3, 2, 1], draws=200)
    assert loose.high - loose.low > 0.6
    assert order(np.zeros((3, 5), bool), [1, 2, 3], draws=10).tau == 0
    for right, values in ((apart[:2], [1, 2]), (apart, [1, 2]), (np.zeros((3, 0)), [1, 2, 3])):
        with pytest.raises(Problem, match="three networks or more"):
            order(right, values)
    with pytest.raises(Problem, match="all equal"):
        order(apart, [1, 1, 1, 1])
    assert math.isfinite(loose.tau)
