"""How many dimensions a point set fills: of its covariance, and of its nearest neighbours."""

import numpy as np

from analysis.manifold.points import Array
from analysis.problem import Problem

NEGLIGIBLE = 1e-8  # of the largest variance: float32 activations leave noise of about 1e-14 of it


def spectrum(covariance: Array) -> Array:
    """Eigenvalues (n,) of a covariance (n, n), largest first. Negative rounding errors become 0."""
    return np.clip(np.linalg.eigvalsh(np.asarray(covariance, np.float64))[::-1], 0, None)


def participation_ratio(variances: Array) -> float:
    """(sum v)^2 / sum v^2 of the principal variances (n,): k where k are equal and the others 0, 0 where all are 0."""
    squares = float((variances**2).sum())
    return float(variances.sum()) ** 2 / squares if squares else 0.0


def components_for(variances: Array, share: float = 0.95) -> int:
    """How many of the principal variances (n,), largest first, hold `share` of their sum, or 0 where all are 0."""
    total = np.cumsum(variances)
    if not total[-1]:
        return 0
    return int(np.searchsorted(total, share * total[-1] * (1 - 1e-12)) + 1)


def rank(variances: Array) -> int:
    """How many of the principal variances (n,) are not negligible next to the largest."""
    return int((variances > NEGLIGIBLE * variances.max()).sum())


def two_nn(points: Array, discard: float = 0.1) -> float:
    """Intrinsic dimension d of `points` (count, coordinates) from the ratio mu of the distances to the second and to
    the first neighbour, which has P(mu <= m) = 1 - m^-d where the density hardly changes between them.

    d is the slope through the origin of -log(1 - F) over log mu, the share `discard` of largest ratios left out
    (Facco et al., arXiv:1803.06992). Of equal points one counts. NaN where fewer than 20 are left.

    Raises:
        Problem: no two-dimensional array, or a value that is not finite.
    """
    points = np.asarray(points, np.float64)
    if points.ndim != 2 or not np.isfinite(points).all():
        raise Problem("points are an array (count, coordinates) of finite numbers")
    points = np.unique(points, axis=0)
    if len(points) < 20:
        return float("nan")
    points = points - points.mean(axis=0)
    squares = (points**2).sum(axis=1)
    far = squares[:, None] + squares - 2 * points @ points.T
    np.fill_diagonal(far, np.inf)
    near = np.argpartition(far, 3, axis=1)[:, :4]  # candidates: the product rounds where points are close
    distances = np.sort(np.linalg.norm(points[near] - points[:, None], axis=2), axis=1)
    ratios = np.sort(np.log(distances[:, 1] / distances[:, 0]))
    kept = int(len(ratios) * (1 - discard))
    x, y = ratios[:kept], -np.log1p(-np.arange(1, kept + 1) / (len(ratios) + 1))
    return float(x @ y / (x @ x)) if x.any() else float("nan")
