"""How linear and how invertible x -> ReLU(Bx) and x -> A ReLU(Bx) are as m/n grows (appendix A).

For x ~ N(0, I_n), ReLU(u) = u/2 + |u|/2 splits into a linear and an even part, so that an affine map explains
(1/4) / (1/2 - 1/(2 pi)) = 73.4 % of the variance of ReLU(Bx), whatever B, n and m.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from analysis.manifold.matrices import gaussian
from analysis.manifold.points import Array
from analysis.manifold.theory.collapse import collapsed_share

AFFINE_SHARE_OF_RELU = 0.25 / (0.5 - 0.5 / math.pi)
RATIOS = (1, 2, 3, 4, 6, 10, 16)
SAMPLES = 1024


@dataclass(frozen=True)
class Operator:
    """Means over the draws of B at one m = ratio x n, for x standard normal.

    - `determined`: probability that ReLU(Bx) determines x, N/2^m.
    - `affine_relu`, `affine_random`, `affine_inverse`: share of variance that is affine in x, for ReLU(Bx), for
      A ReLU(Bx) with an independent random A, and with A = B^+.
    - `recovered`: R^2, on points it was not fitted to, of the best affine map from ReLU(Bx) back to x.
    - `folds_random`, `folds_inverse`: share of draws for which the determinant of the Jacobian A D_x B takes both
      signs or 0 over the points: then A ReLU(Bx) is not one to one on R^n. A lower bound: points are a sample.
    """

    n: int
    ratio: int
    draws: int
    determined: float
    affine_relu: float
    affine_random: float
    affine_inverse: float
    recovered: float
    folds_random: float
    folds_inverse: float


def operators(n: int = 16, ratios: Sequence[int] = RATIOS, draws: int = 8, seed: int = 0) -> list[Operator]:
    """The operator measured at m = ratio x n with Gaussian B (and A), `draws` of them each."""
    rows = []
    for ratio in ratios:
        m = ratio * n
        generator = np.random.default_rng((seed, n, m))
        parts = np.array([_one(n, m, generator) for _ in range(draws)])
        rows.append(Operator(n, ratio, draws, float(1 - collapsed_share(n, m)), *map(float, parts.mean(axis=0))))
    return rows


def _one(n: int, m: int, generator: np.random.Generator) -> tuple[float, ...]:
    b = gaussian(1, m, n, generator)[0]
    a = gaussian(1, n, m, generator)[0]
    inverse = np.linalg.pinv(b)
    x, unseen = generator.standard_normal((2, SAMPLES, n))
    y = np.maximum(x @ b.T, 0.0)
    back = _fit(y, x)
    recovered = _explained(_with_one(np.maximum(unseen @ b.T, 0.0)) @ back, unseen)
    affine = [_explained(_with_one(x) @ _fit(x, image), image) for image in (y, y @ a.T, y @ inverse.T)]
    active = (y[:128] > 0).astype(np.float64)
    return *affine, recovered, _folds(a, b, active), _folds(inverse, b, active)


def _with_one(x: Array) -> Array:
    return np.column_stack([x, np.ones(len(x))])


def _fit(x: Array, y: Array) -> Array:
    return np.linalg.lstsq(_with_one(x), y, rcond=None)[0]


def _explained(fitted: Array, y: Array) -> float:
    return float(1 - ((y - fitted) ** 2).sum() / ((y - y.mean(axis=0)) ** 2).sum())


def _folds(a: Array, b: Array, active: Array) -> float:
    """1.0 if det(A D B) changes sign or vanishes over the activation patterns (points, m)."""
    few = active.sum(axis=1).min() < b.shape[1]  # fewer positive rows than n: rank below n
    signs = np.linalg.slogdet((a[None] * active[:, None, :]) @ b)[0]
    return float(few or len(np.unique(signs)) > 1)
