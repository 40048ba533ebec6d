"""Where a function of one number is 0."""

from collections.abc import Callable


def find_root(function: Callable[[float], float], low: float, high: float) -> float:
    """The number between `low` and `high` at which a continuous function changes its sign, to the last bit.

    scipy.optimize has a faster way, but importing it takes longer than all roots of an answer do.
    """
    rising = function(high) > 0
    while low < (middle := (low + high) / 2) < high:
        if (function(middle) > 0) == rising:
            high = middle
        else:
            low = middle
    return middle
