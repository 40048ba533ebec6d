"""Scaled channels as whole numbers, and input sizes as (height, width)."""

from collections.abc import Iterator
from functools import lru_cache
from itertools import count
from math import inf, nextafter

from analysis.arch.text import Stated
from analysis.problem import Problem


@lru_cache(maxsize=4096)
def scale(channels: int, width: float, rounding: int | str = 8) -> int:
    """Channels of a layer under a width multiplier.

    With `rounding` d > 0 it is the nearest multiple of d, at least d, or the next one if the nearest is below 0.9 of
    the product (the rule of the authors' released code, d = 8). With "truncate" it is the whole part, at least 1.

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
    """Widths at which `scale` increases, in ascending order and without end. It never decreases.

    Each width is exact to the last bit.
    """
    divisor = rounding if isinstance(rounding, int) else 1
    for k in count(1):
        # The step from k to k + 1 divisors is halfway, or where k divisors fall below 0.9 of the product.
        product = k + 1 if rounding == "truncate" else min(k + 0.5, k / 0.9) * divisor
        width = product / channels
        while scale(channels, width, rounding) <= k * divisor:
            width = nextafter(width, inf)
        while scale(channels, below := nextafter(width, 0.0), rounding) > k * divisor:
            width = below
        yield width


class WithResolution(Stated):
    """A family with an axis `resolution`: the input side in pixels, or (height, width)."""

    resolution: int | tuple[int, int]

    @property
    def size(self) -> tuple[int, int]:
        """Height and width of the input in pixels."""
        side = self.resolution
        return side if isinstance(side, tuple) else (side, side)
