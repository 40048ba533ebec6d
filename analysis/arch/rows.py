"""Rows of a MobileNetV2: (t, c, n, s) as in Table 2 of arXiv:1801.04381, and choices that a row may have of its own.

    (t, c, n, s)                                              n blocks: expansion t, c channels, stride s of the first
    (t, c, n, s, kernel, activation, squeeze, start, fused)   with values of their own of some of these axes
    ("conv", c, n, s, kernel, activation)                     n full convolutions with norm and activation
    ("identity", c, n, s)                                     no blocks

A row ends after any of its values. None in place of t or of an own value is the variant's value. An identity row is a
1 x 1 convolution with norm and without activation where c or s changes the shape, and nothing where neither does. The
convolution is in the first of its n places. Full convolutions have no shortcut.
"""

from functools import partial
from typing import Any

from analysis.arch import checks
from analysis.arch.checks import CONV, IDENTITY
from analysis.problem import Problem

Rows = tuple[tuple[Any, ...], ...]
T = None  # in a row: the variant's expansion, the constant of section 4
Later = tuple[float, int, bool]  # squeeze, start, fused
Stage = tuple[Any, int, int, int, int, str]  # t, c, n, s, kernel, activation: a row with nothing left to its variant


def check(rows: Any, activations: tuple[str, ...]) -> None:
    """Check the form and the values of rows.

    Raises:
        Problem: a row has another form or a value that is not allowed, or the rows are empty.
    """
    own = {
        "kernel": checks.side,
        "activation": partial(checks.choice, allowed=activations),
        "squeeze": partial(checks.number, low=0),
        "start": checks.side,
        "fused": partial(checks.choice, allowed=(True, False)),
    }
    checks.rows(rows, own=own)
    for row in rows:
        if row[0] == IDENTITY and row[4:]:
            raise Problem(f"row {row!r} is an identity without kernel and activation: use {row[:4]!r}")
        if row[0] == CONV and row[6:]:
            raise Problem(f"row {row!r} is a convolution with a kernel and an activation alone: use {row[:6]!r}")


def stage(row: tuple[Any, ...], expansion: float, kernel: int, activation: str) -> Stage:
    """A row with the variant's expansion, kernel and activation where it has none of its own."""
    if len(row) == 4:  # as in most networks, which are unrolled in microseconds
        t, c, n, s = row
        return expansion if t is T else t, c, n, s, kernel, activation
    t, c, n, s, own, *rest = row
    function = rest[0] if rest else None
    return expansion if t is T else t, c, n, s, kernel if own is None else own, function or activation


def later(row: tuple[Any, ...], common: Later) -> Later:
    """A row's squeeze ratio, kernel of a first depthwise convolution, and whether it is fused, by default `common`."""
    if len(row) <= 6:
        return common
    squeeze, start, fused = (*row[6:], None, None)[:3]
    return (
        common[0] if squeeze is None else squeeze,
        common[1] if start is None else start,
        common[2] if fused is None else fused,
    )


def filtered(row: tuple[Any, ...], kernel: int, start: int, fused: bool) -> bool:
    """Whether a block is Table 1's, with its kernel between expansion and projection and nowhere else.

    Raises:
        Problem: a row with a stride and no kernel to have it, or fused without a kernel.
    """
    if not kernel and (fused or (row[3] > 1 and not start)):
        lacks = "to fuse" if fused else "for its stride"
        raise Problem(f"row {row!r} has no kernel {lacks}: use kernel 3, for example")
    return bool(kernel) and not start and not fused


def shortest(row: tuple[Any, ...], expansion: float, *common: Any) -> tuple[Any, ...]:
    """The row without what it has in common with the variant, whose own values are `common`.

    An expansion of 1 is stated always.
    """
    t, c, n, s, *own = row
    t = T if t == expansion != 1 else t
    if not own:
        return t, c, n, s
    own = [None if value == given else value for value, given in zip(own, common, strict=False)]
    while own and own[-1] is None:
        own.pop()
    return t, c, n, s, *own
