"""Each figure draws what its rows hold."""

import pytest
from matplotlib import pyplot

from analysis.manifold.trained.rows import Dimension, Positive, Recovery
from analysis.reference import table
from experiments.measurements.patterns import figures
from experiments.measurements.patterns.tables import STAGES

TENSORS = ("input", "expand.activation", "depthwise.activation", "project.norm", "project.activation")
KEYS = [(arm, seed, stage) for arm in ("a", "b") for stage in STAGES for seed in (0, 1)]
POSITIVE = [
    Positive(*key, block, block == "b2", 8, 48, 10, 6, 7, 24.0, 40, 2.0, 0.0, 0.0)
    for key in KEYS
    for block in ("b1", "b2")
]
DIMENSIONS = [Dimension(*key, "b1", tensor, 8, 8, 5.0, 4, 4.0, 0) for key in KEYS for tensor in TENSORS]
RECOVERY = [Recovery(*key, "b1", 8, 16 if key[0] == "a" else 48, 0.5, 0.75) for key in KEYS]


@pytest.mark.parametrize(
    ("draw", "axes"),
    [
        (lambda: figures.patterns_figure(POSITIVE, ("a", "b"), table("figure7_activation_patterns")), 6),
        (lambda: figures.dimension_figure(DIMENSIONS, "a"), 4),
        (lambda: figures.recovery_figure(RECOVERY, ("b", "a")), 1),
        (lambda: figures.bottleneck_figure(DIMENSIONS, "a"), 2),
    ],
)
def test_every_panel_has_lines(draw, axes):
    figure = draw()
    assert len(figure.axes) == axes
    assert all(panel.lines for panel in figure.axes)
    pyplot.close(figure)


def test_recovery_is_drawn_by_expansion():
    figure = figures.recovery_figure(RECOVERY, ("b", "a"))
    assert list(figure.axes[0].lines[0].get_xdata()) == [2.0, 6.0]
    pyplot.close(figure)
