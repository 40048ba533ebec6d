"""The figures of the theory draw the cells, chains and operators that they are given."""

from fractions import Fraction

import pytest
from matplotlib import pyplot

from analysis.manifold.theory.collapse import Cell
from analysis.manifold.theory.operator import Operator
from analysis.manifold.theory.statements.bound import chain
from experiments.measurements.manifold import theory_figures

CELLS = [
    Cell("gaussian", n, m, hits, 100, hits / 100, 0.0, 0.6, Fraction(1, 2)) for n, m, hits in ((2, 4, 31), (2, 12, 0))
]
OPERATORS = [Operator(16, ratio, 8, 0.5, 0.7, 0.7, 0.5, 0.6, 1.0, 0.0) for ratio in (1, 6)]


@pytest.mark.parametrize(
    ("draw", "panels"),
    [
        (lambda: theory_figures.collapse_figure(CELLS), 1),
        (lambda: theory_figures.chain_figure(chain()), 2),
        (lambda: theory_figures.operator_figure(OPERATORS), 2),
    ],
)
def test_every_panel_has_lines(draw, panels):
    figure = draw()
    assert len(figure.axes) == panels
    assert all(axes.lines for axes in figure.axes)
    pyplot.close(figure)


def test_a_share_that_sampling_did_not_meet_has_no_point():
    figure = theory_figures.collapse_figure(CELLS)
    (points,) = [line for line in figure.axes[0].lines if line.get_label() == "n = 2"]
    assert list(points.get_ydata()) == [0.31]
    pyplot.close(figure)
