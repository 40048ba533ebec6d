"""Boxes guessed without a look at the image, for comparison."""

import numpy as np
import torch

from analysis.data.boxes import Pictures
from analysis.tasks.detection.boxes import overlap, suppress
from analysis.tasks.detection.evaluate import DOUBLES, KEPT
from analysis.tasks.detection.score import Detections, average_precision
from analysis.tasks.shown import Guess


def usual_boxes(train: Pictures, classes: int) -> Detections:
    """Where boxes usually are: each box of the training images, with the share of these images that have a box of its
    class overlapping it by at least 0.5 as its score; doubles suppressed, the best 100."""
    boxes, labels, scores = [], [], []
    for label in range(classes):
        each = [torch.from_numpy(b[of == label]) for b, of in zip(train.boxes, train.labels, strict=True)]
        mine = torch.cat(each)
        hits = [(overlap(mine, truth) >= 0.5).any(1) for truth in each if len(truth)]
        scores.append(sum((hit.float() for hit in hits), torch.zeros(len(mine))) / max(len(each), 1))
        boxes.append(mine)
        labels.append(torch.full((len(mine),), label))
    box, of, score = torch.cat(boxes), torch.cat(labels), torch.cat(scores)
    kept = suppress(box, score, of, DOUBLES)[:KEPT]
    return Detections(box[kept].numpy(), of[kept].numpy(), score[kept].numpy().astype(np.float32))


def guesses(pictures: Pictures, train: Pictures, classes: int) -> tuple[Guess, ...]:
    """AP at 0.50 of `usual_boxes`."""
    found = average_precision(pictures, [usual_boxes(train, classes)] * len(pictures.boxes), classes)
    return (Guess("usual boxes", found.half, found.classes),)
