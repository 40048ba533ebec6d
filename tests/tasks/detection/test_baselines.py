"""Boxes guessed without a look at the image."""

import numpy as np
import pytest

from analysis.data.boxes import Pictures
from analysis.tasks.detection.baselines import guesses, usual_boxes
from analysis.tasks.detection.score import average_precision

USUAL, RARE = (0.1, 0.1, 0.5, 0.5), (0.6, 0.6, 0.9, 0.9)


def pictures(truths):
    boxes = [np.array([box for box, _ in each], np.float32).reshape(-1, 4) for each in truths]
    labels = [np.array([label for _, label in each], np.int64) for each in truths]
    return Pictures(np.zeros((len(truths), 1, 1, 3), np.uint8), boxes, labels)


TRAIN = pictures([[(USUAL, 0)], [(USUAL, 0), (RARE, 0)], [(USUAL, 1)], []])


def test_usual_boxes_are_scored_by_the_share_of_images_that_have_them():
    guess = usual_boxes(TRAIN, 2)
    assert [tuple(np.round(box, 3)) for box in guess.boxes.tolist()] == [USUAL, RARE, USUAL]
    assert guess.scores == pytest.approx([2 / 4, 1 / 4, 1 / 4])
    assert guess.labels.tolist() == [0, 0, 1]
    assert (guess.boxes.dtype, guess.scores.dtype) == (np.float32, np.float32)


def test_without_a_box_there_is_nothing_to_guess():
    assert not len(usual_boxes(pictures([[], []]), 2).boxes)


def test_a_guess_knows_where_boxes_are_and_nothing_else():
    pytest.importorskip("pycocotools")
    truth = pictures([[(USUAL, 0)], [(RARE, 1)]])
    (guess,) = guesses(truth, TRAIN, 2)
    assert (guess.name, guess.classes) == ("usual boxes", pytest.approx((1.0, 0.0)))
    assert guess.score == average_precision(truth, [usual_boxes(TRAIN, 2)] * 2, 2).half == pytest.approx(0.5)
