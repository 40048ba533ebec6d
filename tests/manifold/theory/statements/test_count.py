"""Counts agree with a share that lies in their interval, and with no other."""

from fractions import Fraction

import numpy as np
import pytest

from analysis.manifold.theory.statements.count import Count, integers, measured, with_intervals


@pytest.mark.parametrize(("exact", "agrees"), [(Fraction(1, 2), True), (Fraction(9, 10), False)])
def test_a_count_agrees_with_the_share_that_its_interval_holds(exact, agrees):
    (count,) = with_intervals([Count("heads", 52, 100, exact)])
    assert count.low < 0.52 < count.high
    assert count.agrees == agrees
    assert count.out_of == "52 of 100"


def test_intervals_of_several_counts_are_wider_as_they_hold_together():
    alone, among = with_intervals([Count("", 5, 10)])[0], with_intervals([Count("", 5, 10)] * 4)[0]
    assert among.high - among.low > alone.high - alone.low


def test_what_was_measured_is_written_next_to_the_closed_form():
    assert measured([Count("n = 2", 1, 3, Fraction(1, 4))], 2) == "0.33 at n = 2 (0.250)"


def test_integers_keep_to_their_bound():
    b, x = integers(4, 3, 2, np.random.default_rng(0))
    assert (len(b), len(b[0]), len(x)) == (4, 3, 3)
    assert all(abs(value) <= 2 for row in (*b, x) for value in row)
