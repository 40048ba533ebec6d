"""The chain of bounds is that of the paper, and its links hold from where they are said to."""

from fractions import Fraction
from itertools import product
from math import log2

import numpy as np
import pytest

from analysis.manifold.theory.bounds import LINKS, first_link, holds_from, last_link, second_link, whole_chain
from analysis.manifold.theory.collapse import patterns_kept


def test_links_are_the_inequalities_of_the_paper():
    for n, m in product(range(1, 9), range(1, 60)):
        if m < n:
            continue
        kept = Fraction(patterns_kept(n, m), 2**m)
        first = 1 - Fraction(m ** (n + 1), 2**m * np.prod(range(1, n + 1), dtype=object))
        second = 1 - Fraction(m ** (n + 1), 2**m)
        assert first_link(n, m) == (kept >= first) is True
        assert second_link(n, m) == (first >= second) is True
        exponent = (n + 1) * log2(m) - m
        if abs(exponent + m / 2) > 1e-9:
            assert last_link(n, m) == (exponent <= -m / 2)
        assert whole_chain(n, m) == ((1 - kept) ** 2 <= Fraction(1, 2**m))


@pytest.mark.parametrize("name", ["last", "whole", "middle positive"])
def test_holds_from_is_where_a_link_starts_to_hold(name):
    link = LINKS[name]
    for n in range(1, 13):
        start = holds_from(link, n)
        assert all(link(n, m) for m in range(start, start + 200))
        assert start <= max(n, 3) or not link(n, start - 1)
