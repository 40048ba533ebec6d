"""Checks of the values of a variant's axes; each raises a Problem that says what is allowed."""

import math
from typing import Any

from analysis.arch.text import known
from analysis.problem import Problem


def choice(axis: str, value: Any, allowed: tuple[Any, ...]) -> None:
    """`value` is one of `allowed`."""
    if value not in allowed:
        known(value, allowed, axis)


def number(axis: str, value: Any, low: float, high: float = math.inf, above: bool = False) -> None:
    """`value` is a finite number in [low, high], or in (low, high] with `above`.

    Raises:
        Problem: it is not.
    """
    good = isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
    if not good or not (low < value if above else low <= value) or value > high:
        limit = f"{'above' if above else 'at least'} {low}" + (f" and at most {high}" if high < math.inf else "")
        raise Problem(f"{axis} {value!r} is not a number {limit}")


def whole(axis: str, value: Any, low: int) -> None:
    """`value` is a whole number of at least `low`.

    Raises:
        Problem: it is not.
    """
    if not isinstance(value, int) or isinstance(value, bool) or value < low:
        raise Problem(f"{axis} {value!r} is not a whole number of at least {low}")


def odd(axis: str, value: Any) -> None:
    """`value` is an odd whole number: a kernel that has a centre.

    Raises:
        Problem: it is not.
    """
    whole(axis, value, 1)
    if value % 2 == 0:
        raise Problem(f"{axis} {value!r} is not odd")


def resolution(size: tuple[int, int], stride: int) -> None:
    """Height and width in pixels are multiples of the total stride.

    Raises:
        Problem: a side is not; it names the nearest that is.
    """
    for side in size:
        whole("resolution", side, 1)
        if side % stride:
            near = max(stride, round(side / stride) * stride)
            raise Problem(f"resolution {side} does not suit the total stride {stride}: use a multiple, such as {near}")


def rows(value: Any, columns: str = "t, c, n, s") -> None:
    """Rows of whole numbers of at least 1; a `t` is a number of at least 0 or None (the expansion axis).

    Raises:
        Problem: they are not, or there is none.
    """
    names = columns.split(", ")
    if not isinstance(value, tuple) or not value:
        raise Problem(f"rows {value!r} is not a tuple of ({columns}) rows")
    for row in value:
        if not isinstance(row, tuple) or len(row) != len(names):
            raise Problem(f"row {row!r} is not of the form ({columns})")
        for name, entry in zip(names, row, strict=True):
            if name != "t":
                whole(name, entry, 1)
            elif entry is not None:
                number("t", entry, 0)


def backbone(value: Any, families: tuple[type, ...]) -> None:
    """`value` is a variant of one of `families` that returns no features of its own.

    Raises:
        Problem: it is not.
    """
    if not isinstance(value, families):
        raise Problem(f"backbone {value!r} is none of {', '.join(f.__name__ for f in families)}")
    if getattr(value, "features", ()):
        raise Problem("a backbone under a head has features=(): the head chooses its maps")
