"""Curves stand where their arms do, and what others printed stands in a panel of its own."""

from typing import Any

import matplotlib.pyplot as plt
import numpy as np
import pytest

from analysis.arch import preset, unroll
from analysis.cost import count
from analysis.render.arms import Arm
from analysis.render.curves import curves_figure, seeds_line
from experiments.studies.width_resolution import STUDY, figure5

ARMS = [
    Arm(f"{width}", preset("brief", width=width), {0: 40 + 5 * width, 1: 41 + 5 * width}) for width in (0.5, 1.0, 2.0)
]


@pytest.fixture(autouse=True)
def closed():
    yield
    plt.close("all")


def means(axes: Any):
    """(x, y) of each line's means."""
    return [[tuple(point) for point in bars.lines[0].get_xydata()] for bars in axes.containers]


@pytest.mark.parametrize(("scale", "mean"), [("linear", 5.0), ("log", 4.0)])
def test_means_over_seeds_are_geometric_on_a_logarithmic_axis(scale, mean):
    axes = plt.figure().subplots()
    axes.set_yscale(scale)
    seeds_line(axes, [1, 2, 3], [[2.0, 8.0], [], [3.0]], 0, "arm")
    ((first, second),) = means(axes)
    assert first == pytest.approx((1, mean)) and second == pytest.approx((3, 3))  # a place without values is left out
    bars = axes.containers[0].lines[2][0].get_segments()
    low, high = bars[0][:, 1]
    assert low < mean < high and (scale == "linear" or low > 0)
    assert bars[1][0, 1] == bars[1][1, 1] == pytest.approx(3)  # one seed has no interval


def test_a_count_is_drawn_logarithmically():
    (axes,) = curves_figure({"all": ARMS}, "madds", "title").axes
    expected = [(count(unroll(arm.variant)).madds, arm.estimate.mean) for arm in ARMS]
    assert means(axes) == [[pytest.approx(point) for point in expected]]
    assert (axes.get_xscale(), axes.get_title()) == ("log", "title")


def test_an_axis_over_a_wide_range_is_drawn_logarithmically_with_every_value_named():
    read = [Arm(f"{bits}", preset("brief"), {0: 40.0 + bits, 1: 41.0 + bits}, bits) for bits in (4, 8, 32)]
    (axes,) = curves_figure({"all": read}, "bits", "title").axes
    assert axes.get_xscale() == "log"
    assert [label.get_text() for label in axes.get_xticklabels()] == ["4", "8", "32"]
    (narrow,) = curves_figure({"all": ARMS}, "width", "title").axes
    assert narrow.get_xscale() == "linear"


def test_published_points_stand_beside():
    figure = curves_figure({"all": ARMS}, "madds", "title", published={"224": figure5(224)}, source="Figure 5")
    ours, theirs = figure.axes
    assert theirs.get_title() == "Figure 5"
    assert list(map(tuple, np.asarray(theirs.lines[0].get_xydata()).tolist())) == figure5(224)
    assert len(ours.containers) == 1


def test_the_points_of_figure_5_are_those_of_the_published_checkpoints():
    """Their multiply-adds, read off a drawing, lie within 2 % of the counts, and accuracy grows with them."""
    widths = (0.35, 0.5, 0.75, 1.0, 1.4)
    for width, (madds, _) in zip(widths, figure5(224), strict=True):
        assert madds == pytest.approx(count(unroll(preset("imagenet", width=width))).madds, rel=0.02)
    assert sorted(figure5(224)) == sorted(figure5(224), key=lambda point: point[1])
    assert sum(map(len, STUDY.published.values())) == 21
