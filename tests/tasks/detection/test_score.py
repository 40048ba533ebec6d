"""Average precision against COCO's definition written out."""

import numpy as np
import pytest
from grid_boxes import box_lists, shared
from hypothesis import example, given
from hypothesis import strategies as st

from analysis.data.boxes import Pictures
from analysis.problem import Problem
from analysis.tasks.detection.score import Detections, average_precision

pytest.importorskip("pycocotools")
OVERLAPS = np.linspace(0.5, 0.95, 10)


def average(truths, found, least):
    """AP of one class: truths and (score, box) found, by image; None without truths."""
    number = sum(map(len, truths))
    if not number:
        return None
    hits = []
    for boxes, answers in zip(truths, found, strict=True):
        free = list(range(len(boxes)))
        for score, box in sorted(answers, key=lambda answer: -answer[0]):
            best = max(free, key=lambda t: (shared(boxes[t], box), t), default=None)  # the last of equals, as COCO
            hit = best is not None and shared(boxes[best], box) >= least
            if hit:
                free.remove(best)
            hits.append((score, hit))
    hits = [hit for _, hit in sorted(hits, key=lambda pair: -pair[0])]
    points = [(sum(hits[:n]) / number, sum(hits[:n]) / n) for n in range(1, len(hits) + 1)]  # (recall, precision)
    levels = np.linspace(0, 1, 101)
    return float(np.mean([max((p for r, p in points if r >= level), default=0.0) for level in levels]))


@st.composite
def cases(draw):
    """Two images with truths and answers of two classes, all scores different."""
    truths, answers = [], []
    for _ in range(2):
        for made, which in ((truths, "truths"), (answers, "answers")):
            boxes = [box for box in draw(box_lists(), label=which) if box[0] < box[2] and box[1] < box[3]]
            labels = draw(st.lists(st.integers(0, 1), min_size=len(boxes), max_size=len(boxes)))
            made.append(list(zip(boxes, labels, strict=True)))
    ranks = draw(st.permutations(range(sum(map(len, answers)))))
    return truths, answers, ranks


def pictures(truths):
    boxes = [np.array([box for box, _ in each], np.float32).reshape(-1, 4) for each in truths]
    labels = [np.array([label for _, label in each], np.int64) for each in truths]
    return Pictures(np.zeros((len(truths), 1, 1, 3), np.uint8), boxes, labels)


ONE = [((0.0, 0.0, 0.5, 0.5), 0)]


@given(cases())
@example(([[], []], [[], []], []))
@example(([ONE, []], [[], []], []))
@example(([[], []], [ONE, ONE], [0, 1]))
@example(([ONE, ONE], [ONE, ONE + ONE], [0, 1, 2]))  # one found twice
def test_average_precision_is_cocos(case):
    truths, answers, ranks = case
    scores = iter((np.array(ranks) + 1) / (len(ranks) + 1))
    scored = [[(next(scores), box, label) for box, label in each] for each in answers]
    found = []
    for each in scored:
        order = sorted(each, key=lambda answer: -answer[0])
        found.append(
            Detections(
                np.array([box for _, box, _ in order], np.float32).reshape(-1, 4),
                np.array([label for _, _, label in order], np.int64),
                np.array([score for score, _, _ in order], np.float32),
            )
        )
    expected = {
        (k, least): average(
            [[box for box, label in each if label == k] for each in truths],
            [[(score, box) for score, box, label in each if label == k] for each in scored],
            least,
        )
        for k in (0, 1)
        for least in OVERLAPS
    }
    precision = average_precision(pictures(truths), found, 2)
    assert precision.classes == pytest.approx(tuple(expected[k, 0.5] for k in (0, 1)), abs=1e-9)
    for value, overlaps in ((precision.half, (0.5,)), (precision.mean, OVERLAPS)):
        known = [expected[k, least] for k in (0, 1) for least in overlaps if expected[k, least] is not None]
        assert value == (pytest.approx(np.mean(known), abs=1e-9) if known else None)


def test_one_answer_an_image_or_none_is_asked_for():
    with pytest.raises(Problem, match="0 images with detections do not fit 1"):
        average_precision(pictures([ONE]), [], 2)
