"""Intersection over union from a confusion matrix."""

import numpy as np


def confusion(truth: np.ndarray, prediction: np.ndarray, classes: int) -> np.ndarray:
    """Pixels by class of the truth (rows) and of the prediction (columns): int64 (classes, classes).

    Both arrays have one shape; pixels whose truth is not in 0 ... classes - 1 are void and not counted.
    A predicted class lies in 0 ... classes - 1.
    """
    counted = truth < classes
    pairs = truth[counted].astype(np.int64) * classes + prediction[counted]
    return np.bincount(pairs, minlength=classes**2).reshape(classes, classes)


def class_iou(matrix: np.ndarray) -> tuple[float | None, ...]:
    """|truth and prediction| / |truth or prediction| of each class, from a confusion matrix (K, K). None where
    a class is in neither."""
    both = np.diagonal(matrix)
    either = matrix.sum(0) + matrix.sum(1) - both
    return tuple(int(b) / int(e) if e else None for b, e in zip(both, either, strict=True))


def mean_iou(matrix: np.ndarray) -> float | None:
    """Mean of `class_iou` (of a matrix (K, K)) over the classes that have one: a class absent from truth and prediction
    is left out, one that was predicted without being there counts 0. None where every pixel is void."""
    values = [value for value in class_iou(matrix) if value is not None]
    return sum(values) / len(values) if values else None
