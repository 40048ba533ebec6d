"""Sign patterns counted one by one, and a Monte Carlo that can refute a formula."""

from fractions import Fraction
from itertools import product

from analysis.manifold.theory.collapse import collapsed_share, monte_carlo, patterns_collapsed, patterns_kept


def test_patterns_are_counted_right():
    for n, m in product(range(1, 5), range(1, 9)):
        positive = [sum(signs) for signs in product((0, 1), repeat=m)]
        assert patterns_kept(n, m) == sum(k >= n for k in positive)
        assert patterns_collapsed(n, m) == sum(k < n for k in positive)
        assert collapsed_share(n, m) == 1 - Fraction(patterns_kept(n, m), 2**m)


def test_monte_carlo_refutes_a_wrong_formula():
    (cell,) = monte_carlo("gaussian", [(2, 4)], draws=1000)
    assert cell.agrees
    assert not cell._replace(exact=1 - cell.exact).agrees
