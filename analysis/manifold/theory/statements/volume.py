"""Theorem 1 of appendix A: "for sign-symmetric rows the mean collapsed volume is V - N V/2^m", and its two shares.

Checked: numerical ranks of random matrices (`analysis.manifold.theory.collapse.monte_carlo`) against the closed form,
for Gaussian and orthogonal rows, and for rows of one direction, which break the theorem's condition.
"""

from collections.abc import Sequence

from analysis.manifold.theory.collapse import Cell, collapsed_share, monte_carlo
from analysis.manifold.theory.statements.verdict import TheoryVerdict, holds_if

N, M = 2, 12  # where the kept and the collapsed share are compared


def gaussian(seed: int) -> list[Cell]:
    """Collapsed shares of Gaussian matrices on the (n, m) grid."""
    return monte_carlo("gaussian", seed=seed)


def orthogonal(seed: int) -> list[Cell]:
    """Collapsed shares of orthogonal matrices on a smaller grid."""
    return monte_carlo("orthogonal", [(n, t * n) for n in (2, 4, 8) for t in (1, 2, 3)], 1000, seed)


def one_direction(seed: int) -> list[Cell]:
    """The collapsed share where all rows have one direction: the closed form does not hold."""
    return monte_carlo("one_direction", [(N, M)], 1000, seed)


def verdicts(cells: Sequence[Cell], turned: Sequence[Cell], lone: Cell) -> list[TheoryVerdict]:
    """What `gaussian`, `orthogonal` and `one_direction` say of Theorem 1, and of what the text after it says."""
    agree = f"{_agree(cells)} cells of the (n, m) grid and {_agree(turned)} with orthogonal matrices"
    return [
        TheoryVerdict(
            "relu-collapse-volume", "", "A (Theorem 1)",
            "For sign-symmetric rows the mean collapsed volume is V - N V/2^m.",
            holds_if(all(cell.agrees for cell in (*cells, *turned)), "holds when"),
            "any n rows of B are almost surely independent, as the paper's condition on null sets grants; independent "
            "and sign-symmetric rows alone are not enough. The closed form lies in the Monte Carlo interval in "
            f"{agree} (intervals simultaneous at 95 %).",
            {"rows": "random multiples of (1, 0)", "n": lone.n, "m": lone.m, "collapsed share": lone.share,
             "formula": float(lone.exact)},
        ),
        TheoryVerdict(
            "relu-collapse-volume", "which fraction", "A",
            "The text behind the theorem calls N/2^m the collapsed fraction.",
            "fails",
            "N counts the sign patterns with at least n positive coordinates: N/2^m is the share that is kept, "
            "which is also what the theorem itself and the lower bounds after it need.",
            {"n": N, "m": M, "N/2^m": float(1 - collapsed_share(N, M)),
             "collapsed share measured": next(cell for cell in cells if (cell.n, cell.m) == (N, M)).share},
        ),
    ]  # fmt: skip


def _agree(cells: Sequence[Cell]) -> str:
    return f"{sum(cell.agrees for cell in cells)} of {len(cells)}"
