"""Checks of the values of a variant's axes. A check that fails raises a Problem with the allowed values."""

import math
from collections.abc import Callable, Mapping
from typing import Any

from analysis.arch.text import known
from analysis.problem import Problem

Check = Callable[[str, Any], None]  # takes the name of an axis and its value
IDENTITY, CONV = "identity", "conv"  # in a row of (t, c, n, s), in place of t


def choice(axis: str, value: Any, allowed: tuple[Any, ...]) -> None:
    """Check that `value` is one of `allowed`.

    Raises:
        Problem: it is not.
    """
    if value not in allowed:
        known(value, allowed, axis)


def number(axis: str, value: Any, low: float, high: float = math.inf, above: bool = False) -> None:
    """Check that `value` is a finite number in [low, high], or in (low, high] with `above`.

    Raises:
        Problem: it is not.
    """
    good = isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
    if not good or not (low < value if above else low <= value) or value > high:
        limit = f"{'above' if above else 'of at least'} {low}" + (f" and at most {high}" if high < math.inf else "")
        raise Problem(f"{axis} {value!r} is not a number {limit}")


def whole(axis: str, value: Any, low: int) -> None:
    """Check that `value` is a whole number of at least `low`.

    Raises:
        Problem: it is not.
    """
    if not isinstance(value, int) or isinstance(value, bool) or value < low:
        raise Problem(f"{axis} {value!r} is not a whole number of at least {low}")


def odd(axis: str, value: Any) -> None:
    """Check that `value` is an odd whole number, so that a kernel of this side has a centre.

    Raises:
        Problem: it is not.
    """
    whole(axis, value, 1)
    if value % 2 == 0:
        raise Problem(f"{axis} {value!r} is not odd: use {value - 1} or {value + 1}")


def side(axis: str, value: Any) -> None:
    """Check that `value` is an odd whole number or 0, for a kernel that may be left out.

    Raises:
        Problem: it is not.
    """
    if value != 0 or isinstance(value, bool):
        odd(axis, value)


def resolution(size: tuple[int, int], stride: int) -> None:
    """Check that height and width in pixels are multiples of the total stride.

    Raises:
        Problem: a side is not. The message suggests the nearest multiple.
    """
    for side in size:
        whole("resolution", side, 1)
        if side % stride:
            near = max(stride, round(side / stride) * stride)
            raise Problem(f"resolution {side} is not a multiple of the total stride {stride}: use {near}, for example")


def rows(value: Any, columns: str = "t, c, n, s", own: Mapping[str, Check] | None = None) -> None:
    """Check rows of whole numbers of at least 1. A `t` may be any number of at least 0, None (the expansion axis),
    "identity" or "conv".

    `own`: further columns that a row may have, each with the check of its values other than None.

    Raises:
        Problem: a row has another form, or the rows are empty.
    """
    names, own = columns.split(", "), own or {}
    if not isinstance(value, tuple) or not value:
        raise Problem(f"rows {value!r} are not a tuple of rows ({columns})")
    for row in value:
        if not isinstance(row, tuple) or not len(names) <= len(row) <= len(names) + len(own):
            longer = f" or ({columns}, {', '.join(own)})" if own else ""
            raise Problem(f"row {row!r} is not of the form ({columns}){longer}")
        for name, entry in zip(names, row, strict=False):
            if name != "t":
                whole(name, entry, 1)
            elif isinstance(entry, str):
                choice(f"t of row {row!r}", entry, (IDENTITY, CONV))
            elif entry is not None:
                number("t", entry, 0)
        for (name, check), entry in zip(own.items(), row[len(names) :], strict=False):
            if entry is not None:
                check(f"{name} of row {row!r}", entry)


def backbone(value: Any, families: tuple[type, ...]) -> None:
    """Check that `value` is a variant of one of `families` that returns no features of its own.

    Raises:
        Problem: it is not.
    """
    if not isinstance(value, families):
        raise Problem(f"backbone {value!r} is none of {', '.join(f.__name__ for f in families)}")
    if getattr(value, "features", ()):
        raise Problem(f"the backbone has features={value.features}, but the head chooses its maps: use features=()")
