"""Pictures of detections have each box where it lies, in the colour of its class."""

import numpy as np
import pytest
from matplotlib.colors import to_hex

from analysis.problem import Problem
from analysis.render.boxes import boxes_figure
from analysis.render.style import COLOURS, style

IMAGE = np.zeros((20, 40, 3), np.uint8)
ONE = ([(0.25, 0.5, 0.75, 1.0)], [1])
NONE = (np.zeros((0, 4)), np.zeros(0, int))


def test_a_row_for_each_image_and_a_column_for_each_set_of_boxes():
    import matplotlib.pyplot as plt

    with style(columns=2):
        figure = boxes_figure([IMAGE] * 2, {"truth": [ONE, NONE], "V2": [NONE, ONE]}, ("a", "b"))
    assert [axes.get_title() for axes in figure.axes] == ["truth", "V2", "", ""]
    assert [len(axes.patches) for axes in figure.axes] == [1, 0, 0, 1]
    box = figure.axes[0].patches[0]
    assert box.get_bbox().bounds == (10, 10, 20, 10)
    assert to_hex(box.get_edgecolor()).upper() == COLOURS[1]
    assert [text.get_text() for text in figure.legends[0].get_texts()] == ["a", "b"]
    plt.close(figure)


def test_boxes_that_are_missing_are_a_problem():
    with pytest.raises(Problem, match="2 images cannot carry 1 of V2"):
        boxes_figure([IMAGE] * 2, {"V2": [ONE]}, ("a",))
