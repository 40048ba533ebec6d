"""What is lost and bent on the way x -> y = f(Bx + b) -> x', for many matrices at once."""

from typing import NamedTuple

import numpy as np

from analysis.manifold.activations import Activation, Mask
from analysis.manifold.points import Array, Indices

# Eigenvalues of B_T'B_T below this share of the largest count as 0: rows within 1e-6 of parallel are parallel.
RANK_TOLERANCE = 1e-12
# Two images merge when they come within NEAR of points that are at least FAR apart; both in diameters of the set.
NEAR, FAR = 0.05, 0.25


class Measures(NamedTuple):
    """One value a matrix, each an array (draws,).

    - `lost`: share of points x that f(Bx + b) does not determine among all of R^d: the rows that can be read back
      have rank below d (Lemma 2, for almost every x).
    - `merged`: share of points whose image comes within 5 % of the set's diameter, times B's gain |B|_F/sqrt(d), of
      the image of a point of the set that is at least 25 % of the diameter away.
    - `nonlinear`: share of the variance of y over the set that no affine map of x explains.
    - `nonconvex`: share of pairs whose images' midpoint is outside the image of R^d. Counted where the midpoint's
      readable rows have rank d, so that one candidate decides. A lower bound elsewhere.
    - `pseudoinverse`: error of Figure 1's way back, c B^+(y - b), with the one scale c that fits the set best (ReLU
      about halves it). Root mean square, relative to the root mean square spread of the set.
    - `unscaled`: the same with c = 1.
    - `back_nonlinear`: share of the variance of B^+(y - b) that no affine map of x explains.
    - `active_rows`: error, relative as above, of the exact way back: for each point, the least-norm solution of
      the rows that can be read back. It is rounding wherever the rank is d.
    """

    lost: Array
    merged: Array
    nonlinear: Array
    nonconvex: Array
    pseudoinverse: Array
    unscaled: Array
    back_nonlinear: Array
    active_rows: Array


class Passage(NamedTuple):
    """Points on their way: `images` (draws, points, n), `back` by B^+ (draws, points, d) with the `scale` (draws,)
    that fits best, `recovered` by the active rows (draws, points, d), and the `rank` of those (draws, points)."""

    images: Array
    back: Array
    scale: Array
    recovered: Array
    rank: Indices

    @property
    def scaled(self) -> Array:
        """`scale` times `back`: (draws, points, d)."""
        return self.back * self.scale[:, None, None]


def passage(points: Array, matrices: Array, bias: Array, activation: Activation) -> Passage:
    """Send points (points, d) through matrices (draws, n, d) with bias (draws, n) and back."""
    images = activation.apply(points @ matrices.transpose(0, 2, 1) + bias[:, None, :])
    back = (images - bias[:, None, :]) @ np.linalg.pinv(matrices).transpose(0, 2, 1)
    square = (back**2).sum(axis=(1, 2))
    scale = np.divide((back * points).sum(axis=(1, 2)), square, out=np.zeros_like(square), where=square > 0)
    return Passage(images, back, scale, *solve_active_rows(matrices, *_readable(images, bias, activation)))


def measure(points: Array, matrices: Array, bias: Array, activation: Activation, pairs: Indices) -> Measures:
    """Every measure for each of the matrices (draws, n, d) with bias (draws, n).

    `pairs` (count, 2) are indices of points, for `nonconvex`.
    """
    way = passage(points, matrices, bias, activation)
    spread = np.sqrt(((points - points.mean(axis=0)) ** 2).sum())
    return Measures(
        lost=(way.rank < points.shape[1]).mean(axis=1),
        merged=_merged(points, way.images, matrices),
        nonlinear=nonlinear_share(points, way.images),
        nonconvex=_nonconvex(way.images, matrices, bias, activation, pairs),
        pseudoinverse=_norm(way.scaled - points) / spread,
        unscaled=_norm(way.back - points) / spread,
        back_nonlinear=nonlinear_share(points, way.back),
        active_rows=_norm(way.recovered - points) / spread,
    )


def solve_active_rows(matrices: Array, values: Array, active: Mask) -> tuple[Array, Indices]:
    """For each point the x of least norm with B_T x = values_T over its active rows T, and the rank of B_T.

    Shapes: matrices (draws, n, d), values and active (draws, points, n), x (draws, points, d), rank
    (draws, points).
    """
    draws, rows, d = matrices.shape
    weights = active.astype(np.float64)
    outer = (matrices[:, :, :, None] * matrices[:, :, None, :]).reshape(draws, rows, d * d)
    gram = (weights @ outer).reshape(*weights.shape[:2], d, d)
    right = (weights * values) @ matrices
    eigenvalues, vectors = np.linalg.eigh(gram)
    positive = eigenvalues > RANK_TOLERANCE * eigenvalues[..., -1:]
    inverse = np.divide(1.0, eigenvalues, out=np.zeros_like(eigenvalues), where=positive)
    along = inverse * (vectors * right[..., :, None]).sum(axis=-2)
    return (vectors * along[..., None, :]).sum(axis=-1), positive.sum(axis=-1)


def nonlinear_share(points: Array, images: Array) -> Array:
    """1 - R^2 of the best affine map from points (points, d) to images (draws, points, n): (draws,).

    0 where the image is one point: a constant is affine.
    """
    basis, _ = np.linalg.qr(np.column_stack([np.ones(len(points)), points]))
    centred = images - images.mean(axis=1, keepdims=True)
    total = (centred**2).sum(axis=(1, 2))
    linear = ((basis.T @ centred) ** 2).sum(axis=(1, 2))
    rest = np.clip(total - linear, 0.0, None)
    return np.divide(rest, total, out=np.zeros_like(total), where=total > 1e-24 * (images**2).sum(axis=(1, 2)))


def _readable(images: Array, bias: Array, activation: Activation) -> tuple[Array, Mask]:
    values, active = activation.read(images)
    return values - bias[:, None, :], active


def _norm(difference: Array) -> Array:
    return np.sqrt((difference**2).sum(axis=(1, 2)))


def _merged(points: Array, images: Array, matrices: Array) -> Array:
    apart = np.sqrt(((points[:, None] - points[None]) ** 2).sum(axis=2))
    diameter = apart.max()
    gain = np.sqrt((matrices**2).sum(axis=(1, 2)) / points.shape[1])
    # One product gives |y_i - y_j|^2 = -2 y_i.y_j + |y_i|^2 + |y_j|^2; single precision is far below NEAR.
    square = (images**2).sum(axis=2, keepdims=True)
    one = np.ones_like(square)
    left = np.concatenate([-2 * images, square, one], axis=2).astype(np.float32)
    right = np.concatenate([images, one, square], axis=2).astype(np.float32)
    near = left @ right.transpose(0, 2, 1) <= ((NEAR * diameter * gain) ** 2).astype(np.float32)[:, None, None]
    near &= apart >= FAR * diameter
    return near.any(axis=2).mean(axis=1)


def _nonconvex(images: Array, matrices: Array, bias: Array, activation: Activation, pairs: Indices) -> Array:
    middle = (images[:, pairs[:, 0]] + images[:, pairs[:, 1]]) / 2
    candidate, rank = solve_active_rows(matrices, *_readable(middle, bias, activation))
    image = activation.apply(candidate @ matrices.transpose(0, 2, 1) + bias[:, None, :])
    size = np.sqrt((middle**2).sum(axis=2))
    off = np.sqrt(((image - middle) ** 2).sum(axis=2)) > 1e-6 * size
    return (off & (rank == matrices.shape[2])).mean(axis=1)
