"""Average precision as COCO defines it, computed by pycocotools."""

import contextlib
import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from analysis.data.boxes import Pictures
from analysis.problem import Problem


class Detections(NamedTuple):
    """Boxes found in one image, best first: float32 (n, 4) corners as fractions, int64 (n,) labels, float32 (n,)
    scores."""

    boxes: np.ndarray
    labels: np.ndarray
    scores: np.ndarray


@dataclass(frozen=True)
class Precision:
    """Average precision in 0 ... 1: `mean` over overlaps 0.50, 0.55, ..., 0.95 and classes, `half` at 0.50, and
    `classes`, at 0.50, of each class. None without a truth. At most 100 detections an image count."""

    mean: float | None
    half: float | None
    classes: tuple[float | None, ...]


def average_precision(pictures: Pictures, found: Sequence[Detections], classes: int) -> Precision:
    """Of detections, one for each picture, against the truth.

    A class without truths plays no part in the means. Without any detection classes with truths have 0.

    Raises:
        Problem: pycocotools is missing; not one Detections for each picture.
    """
    try:
        from pycocotools.coco import COCO
        from pycocotools.cocoeval import COCOeval
    except ImportError as error:
        raise Problem("average precision needs pycocotools: pip install '.[detection]'") from error
    if len(found) != len(pictures.boxes):
        raise Problem(f"{len(found)} images with detections do not fit {len(pictures.boxes)} with truths")
    categories = [{"id": index} for index in range(classes)]
    images = [{"id": index} for index in range(len(found))]
    with contextlib.redirect_stdout(io.StringIO()):  # it prints
        truth, answers = COCO(), COCO()
        truth.dataset = {"images": images, "categories": categories, "annotations": _truths(pictures)}  # pyright: ignore[reportAttributeAccessIssue]
        answers.dataset = {"images": images, "categories": categories, "annotations": _answers(found)}  # pyright: ignore[reportAttributeAccessIssue]
        truth.createIndex()
        answers.createIndex()
        evaluation = COCOeval(truth, answers, "bbox")
        evaluation.evaluate()
        evaluation.accumulate()
    # (overlaps, recalls, classes, areas, detections); -1 where a class has no truth
    precision = np.asarray(evaluation.eval["precision"])[:, :, :, 0, -1]
    present = [index for index in range(classes) if any((labels == index).any() for labels in pictures.labels)]
    half = precision[0].mean(0)
    return Precision(
        float(precision[:, :, present].mean()) if present else None,
        float(half[present].mean()) if present else None,
        tuple(float(half[index]) if index in present else None for index in range(classes)),
    )


def _truths(pictures: Pictures) -> list[dict[str, Any]]:
    made = []
    for image, (boxes, labels) in enumerate(zip(pictures.boxes, pictures.labels, strict=True)):
        made += [_annotation(len(made) + i, image, *each) for i, each in enumerate(zip(boxes, labels, strict=True), 1)]
    return made


def _answers(found: Sequence[Detections]) -> list[dict[str, Any]]:
    made = []
    for image, (boxes, labels, scores) in enumerate(found):
        each = zip(boxes, labels, scores, strict=True)
        made += [{**_annotation(len(made) + i, image, b, c), "score": float(s)} for i, (b, c, s) in enumerate(each, 1)]
    return made


def _annotation(number: int, image: int, box: np.ndarray, label: int) -> dict[str, Any]:
    left, top, right, bottom = (float(edge) for edge in box)
    width, height = right - left, bottom - top
    return {
        **{"id": number, "image_id": image, "category_id": int(label), "bbox": [left, top, width, height]},
        **{"area": width * height, "iscrowd": 0},
    }
