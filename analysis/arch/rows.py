"""Rows of a MobileNetV2: (t, c, n, s) as in Table 2 of arXiv:1801.04381, and choices that a row may have of its own.

    (t, c, n, s)                      n blocks with expansion t, c channels, stride s of the first
    (t, c, n, s, kernel)              with a depthwise kernel of their own
    (t, c, n, s, kernel, activation)  and an activation of their own
    (t, c, n, s, kernel, activation, squeeze)  and a squeeze ratio of their own, 0 for none
    ("identity", c, n, s)             no blocks

None in place of t, kernel, activation or squeeze is the variant's value. An identity row is a 1 x 1 convolution with
norm and without activation where c or s changes the shape, and nothing where neither does. The convolution is
in the first of its n places.
"""

from functools import partial
from typing import Any

from analysis.arch import checks
from analysis.arch.checks import IDENTITY
from analysis.problem import Problem

Rows = tuple[tuple[Any, ...], ...]
T = None  # in a row: the variant's expansion, the constant of section 4
Stage = tuple[Any, int, int, int, int, str]  # t, c, n, s, kernel, activation: a row with nothing left to its variant


def check(rows: Any, activations: tuple[str, ...]) -> None:
    """Check the form and the values of rows.

    Raises:
        Problem: a row has another form or a value that is not allowed, or the rows are empty.
    """
    own = {
        "kernel": checks.odd,
        "activation": partial(checks.choice, allowed=activations),
        "squeeze": partial(checks.number, low=0),
    }
    checks.rows(rows, own=own)
    for row in rows:
        if row[0] == IDENTITY and row[4:]:
            raise Problem(f"row {row!r} is an identity without kernel and activation: use {row[:4]!r}")


def stage(row: tuple[Any, ...], expansion: float, kernel: int, activation: str) -> Stage:
    """A row with the variant's expansion, kernel and activation where it has none of its own."""
    if len(row) == 4:  # as in most networks, which are unrolled in microseconds
        t, c, n, s = row
        return expansion if t is T else t, c, n, s, kernel, activation
    t, c, n, s, own, *rest = row
    function = rest[0] if rest else None
    return expansion if t is T else t, c, n, s, own or kernel, function or activation


def squeeze_of(row: tuple[Any, ...], squeeze: float) -> float:
    """A row's squeeze ratio, by default the variant's."""
    return row[6] if len(row) > 6 and row[6] is not None else squeeze


def shortest(
    row: tuple[Any, ...], expansion: float, kernel: int, activation: str, squeeze: float = 0.0
) -> tuple[Any, ...]:
    """The row without what it has in common with the variant. An expansion of 1 is stated always."""
    t, c, n, s, *own = row
    t = T if t == expansion != 1 else t
    if not own:
        return t, c, n, s
    own = [
        None if value == common else value for value, common in zip(own, (kernel, activation, squeeze), strict=False)
    ]
    while own and own[-1] is None:
        own.pop()
    return t, c, n, s, *own
