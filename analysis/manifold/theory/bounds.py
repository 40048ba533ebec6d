"""The chain of bounds after Theorem 1 (appendix A), link by link, in integers.

    N/2^m  >=  1 - m^(n+1)/(2^m n!)  >=  1 - 2^((n+1) log2 m - m)  >=  1 - 2^(-m/2)

Subtracted from 1 and times 2^m:  sum_{k < n} C(m,k)  <=  m^(n+1)/n!  <=  m^(n+1)  <=  2^(m/2).
"""

from collections.abc import Callable
from fractions import Fraction
from math import factorial, log2

from analysis.manifold.theory.collapse import patterns_collapsed

EXPANSION = 6  # the paper's: m = 6n


def first_link(n: int, m: int) -> bool:
    """sum_{k < n} C(m,k) <= m^(n+1) / n!.

    Holds for all m >= n >= 1: C(m,k) <= m^k/k!, which grows with k up to m, so the sum is at most
    n m^(n-1)/(n-1)! = n^2 m^(n-1)/n! <= m^(n+1)/n!.
    """
    return patterns_collapsed(n, m) * factorial(n) <= m ** (n + 1)


def second_link(n: int, m: int) -> bool:
    """m^(n+1) / n! <= m^(n+1): always, because n! >= 1."""
    return m ** (n + 1) <= factorial(n) * m ** (n + 1)


def last_link(n: int, m: int) -> bool:
    """m^(n+1) <= 2^(m/2), squared: m^(2n+2) <= 2^m.

    At m = 6n it fails for every n: it asks for (n+1) log2(6n) <= 3n. For n >= 2 the left exceeds 3 (n+1),
    for n = 1 it is 5.17 > 3. At any fixed m/n it fails for all large n, because log2 m grows.
    """
    return m ** (2 * n + 2) <= 2**m


def whole_chain(n: int, m: int) -> bool:
    """Its ends alone, N/2^m >= 1 - 2^(-m/2), which may hold where a link does not: (sum_{k < n} C(m,k))^2 <= 2^m."""
    return patterns_collapsed(n, m) ** 2 <= 2**m


def middle_is_positive(n: int, m: int) -> bool:
    """Whether the third expression says anything, 1 - 2^((n+1) log2 m - m) > 0: m^(n+1) < 2^m."""
    return m ** (n + 1) < 2**m


LINKS: dict[str, Callable[[int, int], bool]] = {
    "first": first_link,
    "second": second_link,
    "last": last_link,
    "whole": whole_chain,
    "middle positive": middle_is_positive,
}


def holds_from(link: Callable[[int, int], bool], n: int) -> int:
    """The smallest m >= 3 from which on a link that compares a polynomial in m with 2^(cm) holds, for n >= 1.

    For `last_link` and `middle_is_positive` m / log2 m grows from m = 3 on, so that the link holds from some m on
    and not before. `whole_chain`: sum_{k < n} C(m,k) grows by a factor 1 + P(X < n-1 | X < n), X binomial, that falls
    with m. Its square over 2^m rises, then falls, and exceeds 1 between. Below 3 and below n nothing is said.
    """
    low = max(n, 3)
    if link(n, low) and link(n, low + 1):
        return low
    high = 2 * low
    while not link(n, high):
        low, high = high, 2 * high
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if link(n, middle) else (middle, high)
    return high


def log2_collapsed(n: int, m: int) -> tuple[float, float, float, float]:
    """log2 of 1 minus each of the four expressions: what may be collapsed, exactly and by each bound."""
    tail = Fraction(patterns_collapsed(n, m), 2**m)
    exact = log2(tail.numerator) - log2(tail.denominator)
    power = (n + 1) * log2(m) - m
    return exact, power - log2(factorial(n)), power, -m / 2


def smallest_expansion_counterexample(expansion: int = EXPANSION) -> tuple[int, int]:
    """(n, m): the smallest n at which m = expansion x n breaks even the ends of the chain."""
    n = 1
    while whole_chain(n, expansion * n):
        n += 1
    return n, expansion * n
