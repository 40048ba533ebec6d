"""A label of the test split that cannot be scored is found before a training; its images stay closed."""

import numpy as np
import pytest
from pictures import KINDS, annotation, write_pictures
from PIL import Image
from scenes import CLASSES, write_scenes

from analysis.data.boxes import load_detection
from analysis.data.masks import load_segmentation
from analysis.problem import Problem


def load_boxes(folder):
    return load_detection(folder, (24, 32), KINDS, "drawn")


def load_masks(folder):
    return load_segmentation(folder, (12, 16), CLASSES)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (annotation([("bra", 1, 1, 9, 9)]), "of class 'bra'"),
        (annotation([("bar", 0.1, 0.1, 0.9, 0.9)]), "as fractions are"),
        (annotation([("bar", 1, 1, 9, 9)], (64, 48)), "is of an image of 48 x 64"),
        ("<annotation>", "is truncated or not XML"),
    ],
)
def test_the_last_annotation_is_looked_at(tmp_path, text, words):
    folder = write_pictures(tmp_path / "data", train=3, val=1, test=3)
    (folder / "Annotations" / "006.xml").write_text(text)
    with pytest.raises(Problem, match=rf"006\.xml .*{words}"):
        load_boxes(folder)


@pytest.mark.parametrize(
    ("mask", "words"),
    [
        (np.full((24, 32), 9, np.uint8), "has the value 9"),
        (np.zeros((32, 24), np.uint8), "is 24 x 32, its image 32 x 24"),
        (np.zeros((24, 32, 3), np.uint8), "holds RGB colours"),
    ],
)
def test_the_last_mask_is_looked_at(tmp_path, mask, words):
    folder = write_scenes(tmp_path / "data", train=3, val=1, test=3)
    Image.fromarray(mask).save(folder / "testannot" / "006.png")
    with pytest.raises(Problem, match=rf"006\.png {words}"):
        load_masks(folder)
