"""Figures of gradients have a line for each network at each share of the training."""

import matplotlib.pyplot as plt
from planted_gradients import rows

from experiments.measurements.gradients.figures import blocks_figure, by_block, depth_figure
from experiments.measurements.gradients.rows import SHARES
from experiments.measurements.gradients.tables import networks


def test_figures_have_a_line_for_each_network_at_each_share():
    made = rows()
    assert by_block(made.passed[:2], lambda row: row.rms) == ([1, 2], [[1.0], [0.5]])
    figure = depth_figure(made)
    assert len(figure.axes) == 3 * len(SHARES)
    assert len(figure.axes[0].get_legend_handles_labels()[1]) == len(networks(made.passed)) == 4
    assert all(axes.get_yscale() == "log" for axes in figure.axes)
    assert len(blocks_figure(made.passed).axes) == 2 * 4
    plt.close("all")
