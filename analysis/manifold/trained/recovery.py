"""How well one set of vectors is recovered from another: ridge regression judged on points it has not seen."""

import numpy as np

from analysis.manifold.points import Array

RANDOM_FEATURES = 512
LINEAR_PENALTY, RANDOM_PENALTY = 1e-5, 1e-3  # of the mean square of standardised features


def recovered(seen: tuple[Array, Array], unseen: tuple[Array, Array], random_features: int = 0, seed: int = 0) -> float:
    """R^2 of the map fitted on `seen` = (from, to), on `unseen`: 1 - squared error / variance, over all coordinates.

    The map is affine. With `random_features` it is affine in that many rectified random projections, too. 0 is as good
    as the mean of what is unseen, and a map that fails there is below.
    """
    centre, scale = seen[0].mean(axis=0), seen[0].std(axis=0)
    scale = np.where(scale > 0, scale, 1.0)
    features, others = ((np.asarray(x, np.float64) - centre) / scale for x in (seen[0], unseen[0]))
    penalty = LINEAR_PENALTY
    if random_features:
        penalty, width = RANDOM_PENALTY, features.shape[1]
        rng = np.random.Generator(np.random.PCG64(seed))
        weights, bias = rng.standard_normal((width, random_features)) / np.sqrt(width), rng.random(random_features)
        features, others = (np.hstack([x, np.maximum(x @ weights + bias, 0)]) for x in (features, others))
    middle, target = features.mean(axis=0), seen[1].mean(axis=0)
    features = features - middle
    gram = features.T @ features / len(features) + penalty * np.eye(features.shape[1])
    weights = np.linalg.solve(gram, features.T @ (seen[1] - target) / len(features))
    error = ((others - middle) @ weights + target - unseen[1]) ** 2
    variance = (unseen[1] - unseen[1].mean(axis=0)) ** 2
    return float(1 - error.sum() / variance.sum()) if variance.any() else float("nan")
