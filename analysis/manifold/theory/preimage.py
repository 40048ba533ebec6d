"""Lemma 2 of appendix A: is x0 the only x with ReLU(Bx) = ReLU(B x0)? Decided exactly, with a certificate.

The preimages of y0 = ReLU(B x0) are {x: b_i x = y_i where y_i > 0, b_i x <= 0 where y_i = 0}, a convex set. It is
{x0} iff no direction d != 0 stays in it, and only rows with b_i x0 >= 0 can forbid one: with T = {b_i x0 > 0} and
the tight rows E = {b_i x0 = 0}, x0 is unique iff

    { d : B_T d = 0, B_E d <= 0 } = {0}.                                                        (*)

The lemma asks for rank B_T = n. That suffices. Without tight rows (almost every x0) it is also necessary, because
(*) is then the null space of B_T. With tight rows it is not.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import comb

from analysis.manifold.theory.exact import Matrix, Vector, dot, null_vector, polish, rank, rational, relu_image

TOUCH = 1e-7  # a constraint of a linear programme that is met this closely is met with equality


@dataclass(frozen=True)
class Preimage:
    """Whether x0 is the only preimage of ReLU(B x0).

    - `unique`: decided.
    - `lemma`: what the lemma's condition says.
    - `second`: where not unique, another point with the same image (checked exactly).
    - `multipliers`: where unique without the lemma, numbers with sum_i c_i b_i = 0 over the rows T and E, c_i > 0 on
      E (checked exactly). By Stiemke's theorem they exist iff (*) allows only directions with B_E d = 0, and rank n
      of the rows T and E leaves d = 0.
    """

    unique: bool
    lemma: bool
    second: Vector | None = None
    multipliers: Vector | None = None


def decide(matrix: Sequence[Sequence[int | Fraction]], x0: Sequence[int | Fraction]) -> Preimage:
    """Decide (*) by rank, then by linear programmes whose answer is made rational and checked.

    Raises:
        ArithmeticError: a programme's answer does not check, as entries far apart in size can make it.
    """
    rows, x = rational(matrix), tuple(map(Fraction, x0))
    active = tuple(row for row in rows if dot(row, x) > 0)
    tight = tuple(row for row in rows if dot(row, x) == 0)
    lemma = rank(active) == len(x)
    if lemma:
        return Preimage(True, True)
    d = null_vector((*active, *tight), len(x))
    if d is None:
        d = _direction(active, tight, len(x))
    if d is not None:
        second = _step(rows, x, d)
        if second == x or relu_image(rows, second) != relu_image(rows, x):
            raise ArithmeticError("the second preimage does not check")
        return Preimage(False, False, second=second)
    return Preimage(True, False, multipliers=_multipliers(active, tight, len(x)))


def lone_origin_share(n: int, m: int) -> Fraction:
    """Probability that ReLU(Bx) = 0 for x = 0 only, for B (m x n) with sign-symmetric independent rows in general
    position: 1 - 2^(1-m) sum_{k < n} C(m-1, k) (Wendel 1962: the rows fit in no half-space).

    The lemma's condition never holds there: y0 has no coordinate that is not 0.
    """
    return 1 - Fraction(sum(comb(m - 1, k) for k in range(n)), 2 ** (m - 1))


def _direction(active: Matrix, tight: Matrix, n: int) -> Vector | None:
    """A d with B_T d = 0, B_E d <= 0, B_E d != 0, or None: maximise -sum B_E d in the unit box."""
    from scipy.optimize import linprog

    answer = linprog(
        [float(sum(column)) for column in zip(*tight, strict=True)],
        A_ub=_floats(tight),
        b_ub=[0.0] * len(tight),
        A_eq=_floats(active) or None,
        b_eq=[0.0] * len(active) or None,
        bounds=(-1, 1),
        method="highs-ds",
    )
    if answer.status != 0:
        raise ArithmeticError(answer.message)
    if answer.fun > -TOUCH:
        return None
    met = [row for row, slack in zip(tight, answer.ineqlin.residual, strict=True) if abs(slack) < TOUCH]
    fixed = {j: round(value) for j, value in enumerate(answer.x) if abs(value) > 1 - TOUCH}
    rows = [*active, *met, *(_unit(j, n) for j in fixed)]
    right = [Fraction(0)] * (len(rows) - len(fixed)) + [Fraction(value) for value in fixed.values()]
    d = polish(rows, right, answer.x)
    if any(dot(row, d) for row in active) or any(dot(row, d) > 0 for row in tight):
        raise ArithmeticError("the direction does not check")
    return d


def _multipliers(active: Matrix, tight: Matrix, n: int) -> Vector:
    """c with sum c_i b_i = 0 over T and E, c_i >= 1 on E."""
    from scipy.optimize import linprog

    both = (*active, *tight)
    answer = linprog(
        [0.0] * len(active) + [1.0] * len(tight),
        A_eq=[[float(row[j]) for row in both] for j in range(n)],
        b_eq=[0.0] * n,
        bounds=[(None, None)] * len(active) + [(1, None)] * len(tight),
        method="highs-ds",
    )
    if answer.status != 0:
        raise ArithmeticError(answer.message)
    ones = [i for i in range(len(active), len(both)) if abs(answer.x[i] - 1) < TOUCH]
    rows = [*(_unit(i, len(both)) for i in ones), *zip(*both, strict=True)]
    c = polish(rows, [Fraction(1)] * len(ones) + [Fraction(0)] * n, answer.x)
    sums = [sum((a * row[j] for a, row in zip(c, both, strict=True)), Fraction(0)) for j in range(n)]
    if any(sums) or any(value <= 0 for value in c[len(active) :]):
        raise ArithmeticError("the multipliers do not check")
    return c


def _step(rows: Matrix, x: Vector, d: Vector) -> Vector:
    """x + s d with s > 0 so small that no negative coordinate of Bx turns positive."""
    room = [-dot(row, x) / dot(row, d) for row in rows if dot(row, x) < 0 < dot(row, d)]
    s = min([Fraction(1), *room])
    return tuple(a + s * b for a, b in zip(x, d, strict=True))


def _unit(i: int, length: int) -> Vector:
    return tuple(Fraction(int(i == j)) for j in range(length))


def _floats(rows: Matrix) -> list[list[float]]:
    return [[float(value) for value in row] for row in rows]
