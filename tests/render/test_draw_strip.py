"""A strip has a step for each block, with the costs that the Plan has."""

import pytest

from analysis.arch import parse_variant, unroll
from analysis.cost import count
from analysis.render.draw_strip import _stretches, outline, strip_figure

NETWORKS = ("mobilenet_v2(resolution=32, shortcut='expansion')", "ssd(backbone=mobilenet_v2(resolution=64))")


@pytest.mark.parametrize("text", NETWORKS)
def test_bars_sum_to_the_network(text):
    import matplotlib.pyplot as plt

    plan = unroll(parse_variant(text))
    strip = strip_figure(plan, "network")
    sums = [sum(bar.get_height() for bar in axes.patches) for axes in strip.axes[1:3]]
    assert sums == [pytest.approx(count(plan).madds / 1e6), pytest.approx(count(plan).params / 1e3)]
    assert strip.axes[0].get_title() == "network"
    plt.close("all")


def test_an_outline_is_narrow_wide_narrow():
    blocks = {block.name: block for block in unroll(parse_variant("mobilenet_v2()")).blocks}
    assert outline(blocks["bottleneck3"]) == (24, 144, 24)


def test_stretches_of_one_resolution_follow_one_another():
    blocks = list(unroll(parse_variant("mobilenet_v2(resolution=32, stem_stride=1)")).blocks[:5])
    assert list(_stretches(blocks)) == [(0, 1, 32), (2, 3, 16), (4, 4, 8)]
