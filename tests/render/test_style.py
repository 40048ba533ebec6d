"""Figures of one look: their size, their titles, and the same bytes each time."""

import matplotlib.pyplot as plt
import pytest

from analysis.problem import Problem
from analysis.render.style import STYLES, picture_grid, style, write_figure


@pytest.mark.parametrize("name", STYLES)
def test_a_style_has_its_width_and_font_and_ends(name):
    before = plt.rcParams["font.size"]
    with style(name, columns=2, aspect=0.5):
        width, points = STYLES[name]
        assert plt.rcParams["figure.figsize"] == [2 * width, width]
        assert plt.rcParams["font.size"] == points
    assert plt.rcParams["font.size"] == before


def test_an_unknown_style_is_named():
    with pytest.raises(Problem, match="unknown style 'poster'"), style("poster"):
        pass


def test_a_grid_has_a_title_above_each_column_in_lines_that_fit():
    with style():
        figure, grid = picture_grid(
            ["short", "a title of many words that would not fit into one line"], rows=2, height=10, width=10
        )
    assert grid.shape == (2, 2)
    assert "\n" in grid[0][1].get_title()
    assert [axes.get_title() for axes in grid[1]] == ["", ""]
    plt.close(figure)


def test_a_figure_is_the_same_bytes_each_time(tmp_path):
    def drawn(stem):
        with style():
            figure, axes = plt.subplots()
            axes.plot([0, 1], [1, 0])
            return write_figure(figure, tmp_path / stem)

    plt.close("all")
    first, second = drawn("first"), drawn("second")
    assert [path.suffix for path in first] == [".png", ".svg", ".pdf"]
    assert [path.read_bytes() for path in first] == [path.read_bytes() for path in second]
    assert plt.get_fignums() == []
