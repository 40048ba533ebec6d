"""Pictures of masks show each class in its colour."""

import numpy as np
import pytest

from analysis.problem import Problem
from analysis.render.masks import MASK_COLOURS, coloured, masks_figure
from analysis.render.style import style

MASK = np.array([[0, 1, 2], [2, 3, 255]], np.uint8)  # 3 classes, void
IMAGE = np.zeros((2, 3, 3), np.uint8)


def test_each_class_has_a_colour_of_its_own_and_void_is_white():
    found = coloured(MASK, 3)
    assert ["#" + bytes(pixel).hex().upper() for pixel in found[0]] == list(MASK_COLOURS[:3])
    assert found[1, 1:].tolist() == [[255] * 3] * 2
    assert len({*MASK_COLOURS, "#FFFFFF"}) == 12
    assert np.array_equal(coloured(np.full((1, 1), 11), 12), coloured(np.zeros((1, 1), int), 12))  # they repeat


def test_a_row_for_each_image_and_a_column_for_each_prediction():
    import matplotlib.pyplot as plt

    with style(columns=2):
        figure = masks_figure([IMAGE] * 2, [MASK] * 2, {"V1": [MASK] * 2, "V2": [MASK % 3] * 2}, ("a", "b", "c"))
    shown = [axes.get_images()[0].get_array() for axes in figure.axes]
    assert [axes.get_title() for axes in figure.axes[:4]] == ["image", "truth", "V1", "V2"]
    assert len(shown) == 8
    assert np.array_equal(shown[4], IMAGE)
    assert np.array_equal(shown[7], coloured(MASK % 3, 3))
    assert [text.get_text() for text in figure.legends[0].get_texts()] == ["a", "b", "c", "void"]
    plt.close(figure)


def test_masks_that_are_missing_are_a_problem():
    with pytest.raises(Problem, match="2 images do not go with 2 of truth, 1 of V2"):
        masks_figure([IMAGE] * 2, [MASK] * 2, {"V2": [MASK]}, ("a", "b", "c"))
