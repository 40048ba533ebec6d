"""The figures of the toy: panels by n, a line through ReLU, a small animation."""

import io

import pytest
from matplotlib import pyplot
from PIL import Image

from analysis.manifold.line import curve
from analysis.manifold.sweep import Condition, sweep, typical
from analysis.manifold.theory.statements.count import Count
from analysis.manifold.theory.statements.line import LINE_DIMENSIONS
from experiments.measurements.manifold import figures

BANDS = sweep(Condition(), (2, 15), 4, 0)
SHOWN = {band.n: typical(band, 4, 0) for band in BANDS}
LINES = (curve([0], [1]), curve([1, 2], [1, -1]), curve([-1, -2], [1, 1]))
COUNTS = [Count(f"n = {n}", 3, 4, None, 0.1, 0.9) for n in LINE_DIMENSIONS]


@pytest.mark.parametrize(
    ("draw", "panels"),
    [
        (lambda: figures.panels_figure(SHOWN, Condition(), 4), 6),
        (lambda: figures.sweep_figure(BANDS, {2: 0.5}), 4),
        (lambda: figures.sweep_figure(BANDS), 4),
        (lambda: figures.conditions_figure([BANDS, BANDS]), 4),
        (lambda: figures.line_figure(*LINES, COUNTS), 4),
    ],
)
def test_it_has_its_panels(draw, panels):
    figure = draw()
    assert len(figure.axes) == panels
    pyplot.close(figure)


def test_a_panel_names_the_points_and_the_dimensions():
    figure = figures.panels_figure(SHOWN, Condition(), 4)
    titles = [axes.get_title() for axes in figure.axes]
    assert titles[0] == "input\nspiral"
    assert titles[1].startswith("n = 2\n")
    pyplot.close(figure)


def test_the_animation_is_a_gif_with_a_frame_for_each_n():
    points = next(iter(SHOWN.values()))[0]
    image = Image.open(io.BytesIO(figures.animation(Condition(), points, 0, (2, 5, 9))))
    assert (image.format, image.n_frames) == ("GIF", 3)
