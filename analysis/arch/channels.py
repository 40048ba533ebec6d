"""How a multiplier's product becomes a whole number of channels, and a side a size."""

from collections.abc import Iterator
from functools import lru_cache
from itertools import count
from math import inf, nextafter

from analysis.problem import Problem


@lru_cache(maxsize=4096)
def scale(channels: int, width: float, rounding: int | str = 8) -> int:
    """Channels of a layer under a width multiplier.

    `rounding` d > 0: the nearest multiple of d, at least d, and never below 0.9 of the product (the rule of
    the authors' released code, d = 8); "truncate": the whole part, at least 1.

    Raises:
        Problem: `rounding` is neither.
    """
    product = channels * width
    if rounding == "truncate":
        return max(1, int(product))
    if not isinstance(rounding, int) or rounding < 1:
        raise Problem(f"rounding {rounding!r} is neither a whole number of at least 1 nor 'truncate'")
    rounded = max(rounding, int(product + rounding / 2) // rounding * rounding)
    return rounded + rounding if rounded < 0.9 * product else rounded


def thresholds(channels: int, rounding: int | str = 8) -> Iterator[float]:
    """Widths, in order and without end, at which `scale` goes up; it never goes down. Exact to the last bit."""
    divisor = rounding if isinstance(rounding, int) else 1
    for k in count(1):
        # From k to k + 1 divisors: half way, or where k of them fall below 0.9 of the product.
        product = k + 1 if rounding == "truncate" else min(k + 0.5, k / 0.9) * divisor
        width = product / channels
        while scale(channels, width, rounding) <= k * divisor:
            width = nextafter(width, inf)
        while scale(channels, below := nextafter(width, 0.0), rounding) > k * divisor:
            width = below
        yield width


def square(resolution: int | tuple[int, int]) -> tuple[int, int]:
    """(height, width) of an input of one side, or of two."""
    return resolution if isinstance(resolution, tuple) else (resolution, resolution)
