"""Lemma 1 of appendix A: on the interior of its image ReLU is the identity, so ReLU(Bx) = Bx there."""

from collections.abc import Sequence
from fractions import Fraction

from analysis.manifold.theory.exact import Vector, dot, rank, rational, relu_image

# y = ReLU(A ReLU(Bx)) = |x| from R to R. Its image is [0, inf), its slope 1 or -1.
COMPOSITION = {"B": ((1,), (-1,)), "A": ((1, 1),), "points": ((-3,), (-1,), (1,))}


def image_is_interior(matrix: Sequence[Sequence[int | Fraction]], x: Sequence[int | Fraction]) -> bool:
    """Whether ReLU(Bx) is an interior point of {ReLU(Bz)} in R^m.

    Iff rank B = m and every coordinate is positive: then B maps a neighbourhood of x onto one of Bx. With rank B < m
    the image lies in finitely many subspaces of lower dimension and has no interior. Next to a coordinate 0 lie
    negative ones, which are not in the image.
    """
    rows, point = rational(matrix), tuple(map(Fraction, x))
    return rank(rows) == len(rows) and all(value > 0 for value in relu_image(rows, point))


def is_linear_there(matrix: Sequence[Sequence[int | Fraction]], x: Sequence[int | Fraction]) -> bool:
    """Whether ReLU(Bx) = Bx."""
    rows, point = rational(matrix), tuple(map(Fraction, x))
    return relu_image(rows, point) == tuple(dot(row, point) for row in rows)


def compose(x: Sequence[int | Fraction]) -> Vector:
    """The map of COMPOSITION: not affine on the points that it maps to the interior of its image."""
    inner = relu_image(rational(COMPOSITION["B"]), tuple(map(Fraction, x)))
    return relu_image(rational(COMPOSITION["A"]), inner)
