"""Masks guessed without a look at the image."""

import dataclasses

import numpy as np
import pytest
from scenes import CLASSES, write_scenes

from analysis.data.masks import Scenes, load_segmentation
from analysis.tasks.segmentation.baselines import commonest_by_place, commonest_class, evaluate_guess, guesses

MASKS = np.array([[[0, 1, 3]], [[0, 1, 3]], [[0, 2, 3]]], np.uint8)  # 3 is void


@pytest.fixture
def known(tmp_path):
    """Data whose three training masks are one row of three pixels each."""
    data = load_segmentation(write_scenes(tmp_path), (24, 32), CLASSES)
    return dataclasses.replace(data, train_masks=MASKS)


def truth(data, mask):
    return Scenes(data.train_images, [np.array(mask, np.uint8)])


def test_guesses_are_those_of_the_training_masks(known):
    assert commonest_class(known).tolist() == [[0, 0, 0]]
    assert commonest_by_place(known).tolist() == [[0, 1, 0]]
    scenes = truth(known, [[0, 0, 1, 2, 3, 3]])  # of twice the width
    assert evaluate_guess(commonest_by_place(known), scenes, known).tolist() == [[2, 0, 0], [0, 1, 0], [0, 1, 0]]


def test_of_equals_the_first_is_the_commonest(known):
    equal = dataclasses.replace(known, train_masks=np.array([[[2, 1, 1]], [[1, 2, 2]]], np.uint8))
    assert commonest_class(equal).tolist() == [[1, 1, 1]]
    assert commonest_by_place(equal).tolist() == [[1, 1, 1]]


def test_guesses_are_scored_by_class(known):
    by_class, by_place = guesses(truth(known, [[0, 1, 2]]), known)
    assert (by_class.name, by_class.classes, by_class.score) == ("commonest class", (1 / 3, 0.0, 0.0), (1 / 3) / 3)
    assert by_place.name == "commonest class by place"
    assert by_place.classes == (1 / 2, 1.0, 0.0)
    assert by_place.score == pytest.approx(1.5 / 3)
