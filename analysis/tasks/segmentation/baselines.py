"""Masks guessed without a look at the image, for comparison."""

import numpy as np

from analysis.data.masks import Scenes, SegmentationData
from analysis.data.windows import nearest
from analysis.tasks.segmentation.score import class_iou, confusion, mean_iou
from analysis.tasks.shown import Guess


def guesses(scenes: Scenes, data: SegmentationData) -> tuple[Guess, ...]:
    """Mean IoU of `commonest_class` and of `commonest_by_place`."""
    made = {"commonest class": commonest_class(data), "commonest class by place": commonest_by_place(data)}
    matrices = {name: evaluate_guess(guess, scenes, data) for name, guess in made.items()}
    return tuple(Guess(name, mean_iou(matrix), class_iou(matrix)) for name, matrix in matrices.items())


def commonest_class(data: SegmentationData) -> np.ndarray:
    """A mask of the class that has most training pixels (the first of equals), uint8 (H, W), at the working size."""
    return np.full(data.size, data.pixels().argmax(), np.uint8)


def commonest_by_place(data: SegmentationData) -> np.ndarray:
    """At each pixel the class that most training masks have there (the first of equals), uint8 (H, W), at the working
    size; a pixel that is void in all of them takes the commonest class of all."""
    counts = np.stack([(data.train_masks == index).sum(0) for index in range(len(data.classes))])
    return np.where(counts.any(0), counts.argmax(0), commonest_class(data)).astype(np.uint8)


def evaluate_guess(guess: np.ndarray, scenes: Scenes, data: SegmentationData) -> np.ndarray:
    """The confusion matrix, int64 (K, K), of one mask guessed for every image, resized to the size of its mask."""
    classes = len(data.classes)
    total = np.zeros((classes, classes), np.int64)
    for truth in scenes.masks:
        total += confusion(truth, nearest(guess, truth.shape), classes)
    return total
