"""ReLU of a line p + t v in R^n: its joints, counted exactly (section 3.2).

Coordinate i changes sign at t = -p_i / v_i and nowhere else, so the curve has at most n joints. Where every
coordinate is at most 0 the curve rests at the origin. The rest shortens the count: at an end of the line it makes
an end of the curve out of a joint, within it one joint out of two. Coordinates whose (p_i, v_i) is as likely as
(-p_i, -v_i) make each of the 2^n sign patterns equally likely on each of the n + 1 stretches, so that a line meets
the resting one with probability (n + 1) / 2^n. In 1-D that is certain: the ray.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

import numpy as np

from analysis.manifold.points import Array
from analysis.problem import Problem


@dataclass(frozen=True)
class Curve:
    """ReLU of a line with rational coordinates.

    - `joints`: parameters t at which a coordinate of p + t v changes sign, ascending, each once.
    - `bends`: number of points of the curve at which its direction changes. The two ends of a rest at the origin
      within the line are one bend, where the curve stops or starts is none.
    - `rests`: the curve stays at the origin over a stretch of t.
    - `is_ray`: one straight stretch with one end.
    """

    point: tuple[Fraction, ...]
    direction: tuple[Fraction, ...]
    joints: tuple[Fraction, ...]
    bends: int
    rests: bool
    is_ray: bool


def curve(point: Sequence[int | Fraction], direction: Sequence[int | Fraction]) -> Curve:
    """Joints and bends of t -> ReLU(point + t direction), in exact arithmetic.

    Raises:
        Problem: point and direction of different length, or a direction of zeros, which makes no line.
    """
    if len(point) != len(direction) or not any(direction):
        raise Problem("a line needs a point and a direction of the same length, the direction not all 0")
    p, v = tuple(map(Fraction, point)), tuple(map(Fraction, direction))
    joints = tuple(sorted({-a / b for a, b in zip(p, v, strict=True) if b}))
    ends = (joints[0] - 1, *joints, joints[-1] + 1)
    moves = []  # the direction on each stretch between joints
    for left, right in pairwise(ends):
        t = (left + right) / 2
        moves.append(tuple(b if a + t * b > 0 else Fraction(0) for a, b in zip(p, v, strict=True)))
    moving = [move for move in moves if any(move)]
    # Two stretches never share a direction: some coordinate with v_i != 0 is active on one of them only.
    bends = max(len(moving) - 1, 0)
    return Curve(p, v, joints, bends, len(moving) < len(moves), len(moving) == 1 and len(moves) == 2)


def sample(line: Curve, count: int, margin: float = 1.0) -> Array:
    """`count` points of the curve at even steps of t, from `margin` before the first joint to as far after the last:
    (count, n)."""
    low, high = float(line.joints[0]) - margin, float(line.joints[-1]) + margin
    t = np.linspace(low, high, count)[:, None]
    p, v = (np.array([float(x) for x in side]) for side in (line.point, line.direction))
    return np.maximum(p + t * v, 0.0)


def sampled_bends(points: Array) -> int:
    """Bends of a sampled curve (count, n): runs of neighbouring steps that turn.

    Right where steps are shorter than a third of every straight stretch. Steps of length 0 are skipped.
    """
    steps = np.diff(points, axis=0)
    length = np.linalg.norm(steps, axis=1)
    moving = length > 1e-9 * length.max()
    unit = steps[moving] / length[moving, None]
    turns = (np.abs(np.diff(unit, axis=0)) > 1e-6).any(axis=1)
    return int(turns[0]) + int((turns[1:] & ~turns[:-1]).sum()) if len(turns) else 0


def full_share(n: int) -> Fraction:
    """Probability that the curve has n bends: 1 - (n + 1) / 2^n, for sign-symmetric independent coordinates."""
    return 1 - Fraction(n + 1, 2**n)


def random_curves(n: int, draws: int, generator: np.random.Generator, bound: int = 99) -> list[Curve]:
    """Curves of lines with integer coordinates, even over -bound..bound without 0.

    Lines on which two coordinates change sign at once are drawn again.
    """
    curves: list[Curve] = []
    while len(curves) < draws:
        size = generator.integers(1, bound + 1, size=(2, n)) * generator.choice((-1, 1), size=(2, n))
        drawn = curve(*(tuple(map(int, side)) for side in size))
        if len(drawn.joints) == n:
            curves.append(drawn)
    return curves
