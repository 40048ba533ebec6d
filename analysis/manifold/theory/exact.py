"""Linear algebra over the rationals, for small matrices whose entries decide a statement of appendix A."""

from collections.abc import Sequence
from fractions import Fraction

Vector = tuple[Fraction, ...]
Matrix = tuple[Vector, ...]


def rational(matrix: Sequence[Sequence[int | Fraction]]) -> Matrix:
    """The matrix with Fraction entries."""
    return tuple(tuple(map(Fraction, row)) for row in matrix)


def dot(a: Sequence[Fraction], b: Sequence[Fraction]) -> Fraction:
    """Sum of a_i b_i."""
    return sum((x * y for x, y in zip(a, b, strict=True)), Fraction(0))


def relu_image(matrix: Sequence[Sequence[Fraction]], x: Sequence[Fraction]) -> Vector:
    """ReLU(Bx)."""
    return tuple(max(dot(row, x), Fraction(0)) for row in matrix)


def echelon(rows: Sequence[Sequence[Fraction]]) -> tuple[list[list[Fraction]], list[int]]:
    """Reduced row echelon form without zero rows, and its pivot columns, in the order of the rows."""
    left = [list(row) for row in rows]
    done: list[list[Fraction]] = []
    pivots: list[int] = []
    for column in range(len(left[0]) if left else 0):
        pivot = next((row for row in left if row[column]), None)
        if pivot is None:
            continue
        left.remove(pivot)
        pivot = [x / pivot[column] for x in pivot]
        for row in (*left, *done):
            if factor := row[column]:
                row[:] = [x - factor * y if y else x for x, y in zip(row, pivot, strict=True)]
        done.append(pivot)
        pivots.append(column)
    return done, pivots


def rank(rows: Sequence[Sequence[Fraction]]) -> int:
    """Rank of a matrix, 0 where it has no rows."""
    return len(echelon(rows)[1])


def null_vector(rows: Sequence[Sequence[Fraction]], columns: int) -> Vector | None:
    """A d != 0 with row . d = 0 for every row, or None where the rank is `columns`."""
    reduced, pivots = echelon(rows)
    free = next((c for c in range(columns) if c not in pivots), None)
    if free is None:
        return None
    d = [Fraction(0)] * columns
    d[free] = Fraction(1)
    for row, pivot in zip(reduced, pivots, strict=True):
        d[pivot] = -row[free]
    return tuple(d)


def polish(rows: Sequence[Sequence[Fraction]], right: Sequence[Fraction], guess: Sequence[float]) -> Vector:
    """The exact solution of rows . x = right next to a rounded one: free unknowns keep the guess's nearest fraction.

    Where the equations contradict each other it solves a part of them. Callers check what they need.
    """
    augmented = [[*row, value] for row, value in zip(rows, right, strict=True)]
    reduced, pivots = echelon(augmented)
    x = [Fraction(float(value)).limit_denominator(10**6) for value in guess]
    for row, pivot in zip(reduced, pivots, strict=True):
        if pivot < len(x):
            x[pivot] = row[-1] - sum(
                (row[j] * x[j] for j in range(len(x)) if j != pivot and j not in pivots), Fraction(0)
            )
    return tuple(x)
