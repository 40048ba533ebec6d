"""Figures of published networks."""

from matplotlib import pyplot

from analysis.reference import table
from experiments.measurements.imagenet import figures
from experiments.measurements.imagenet.rows import stored
from experiments.measurements.imagenet.rule import SERIES


def test_figures_show_every_network(measured):
    rows = stored(measured[0])[0].rows
    names = list(dict.fromkeys(row.arm for row in rows.positive))
    drawn = figures.layers_figure(rows.positive, names, table("figure7_activation_patterns"))
    titles = [axes.get_title() for axes in drawn.axes]
    assert "published, trained" in titles and figures.short(names[0]) in titles
    bent = figures.bent_figure(rows.bent)
    assert len(bent.axes[0].lines) == len(bent.axes[1].lines) == 2
    low = figures.low_figure(rows.accuracy)
    assert len(low.axes[0].lines) == 4
    order = figures.order_figure(rows.accuracy, {"mobilenet_v2_1.0_224": 71.8}, SERIES)
    assert [text.get_text() for text in order.axes[0].texts] == ["1.0 224"]
    pyplot.close("all")
