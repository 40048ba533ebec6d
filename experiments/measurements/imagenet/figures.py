"""Figures of published networks: Figure 7 next to the published one, and what a ReLU6 on a bottleneck costs."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from analysis.manifold.trained.rows import Positive
from analysis.render.style import COLOURS, MARKERS
from analysis.stats.proportions import wilson
from experiments.measurements.imagenet.rows import Accuracy, Bent
from experiments.measurements.patterns.figures import measured_curve, name_layers, pattern, published_curve
from experiments.measurements.patterns.tables import STAGES

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


def layers_figure(rows: Sequence[Positive], arms: Sequence[str], published: Sequence[dict[str, str]]) -> "Figure":
    """Share of positive channels by expansion layer: published, then each of `arms`, untrained ones above."""
    import matplotlib.pyplot as plt

    stages = {row.arm: row.stage for row in rows}
    initial, trained = ([arm for arm in arms if stages.get(arm) == stage] for stage in STAGES)
    columns = 1 + max(len(initial), len(trained), 1)
    figure, grid = plt.subplots(2, columns, sharey=True, squeeze=False)
    for line, (stage, names) in enumerate((("initial", initial), ("trained", trained))):
        pattern(grid[line, 0], [published_curve(row, stage) for row in published], f"published, {stage}")
        for column in range(1, columns):
            axes = grid[line, column]
            if column > len(names):
                axes.set_axis_off()
                continue
            here = [row for row in rows if row.arm == names[column - 1]]
            blocks = dict.fromkeys(row.block for row in here)
            curves = [measured_curve([row for row in here if row.block == block]) for block in blocks]
            pattern(axes, curves, short(names[column - 1]))
        grid[line, 0].set_ylabel("share of channels")
    name_layers(figure, grid)
    return figure


def bent_figure(rows: Sequence[Bent]) -> "Figure":
    """By block: variance that a ReLU6 on the projection takes from an affine map, and points of top-1."""
    import matplotlib.pyplot as plt

    figure, (left, right) = plt.subplots(1, 2)
    for i, network in enumerate(dict.fromkeys(row.network for row in rows)):
        here = [row for row in rows if row.network == network and row.channels]
        _line(left, [row.alone for row in here], i, short(network))
        if here[0].right >= 0:
            _line(right, [100 * (row.right - row.plain) / row.images for row in here], i, "")
    left.set(xlabel="block", ylabel="variance lost, channel by channel", ylim=(0, None))
    right.set(xlabel="block", ylabel="change of top-1, points")
    figure.legend(*left.get_legend_handles_labels(), loc="outside lower center", ncols=3)
    return figure


def low_figure(rows: Sequence[Accuracy]) -> "Figure":
    """Top-1 by bits with a scale for each channel, ReLU6 filled and ReLU open, networks by colour."""
    import matplotlib.pyplot as plt

    figure, axes = plt.subplots()
    places = {0: 0, 8: 1, 6: 2, 4: 3}
    for i, network in enumerate(dict.fromkeys(row.network for row in rows)):
        for activation, face in (("relu6", _look(i)["color"]), ("relu", "none")):
            here = [
                row
                for row in rows
                if (row.network, row.runs, row.activation) == (network, "quantised", activation)
                and row.weights in ("", "channel")
            ]
            x, y = [places[row.bits] for row in here], [100 * row.right / row.images for row in here]
            label = short(network) if activation == "relu6" else None
            axes.plot(x, y, ls="-" if label else ":", label=label, markerfacecolor=face, markersize=4, **_look(i))
    axes.set_xticks(list(places.values()), ["float", "8 bits", "6 bits", "4 bits"])
    axes.set(ylabel="top-1, %", ylim=(0, None))
    figure.legend(title="ReLU6 filled, ReLU open", loc="outside right center")
    return figure


def order_figure(rows: Sequence[Accuracy], published: Mapping[str, float], series: Mapping[str, str]) -> "Figure":
    """Top-1 here by the interpreter against the published one, with Wilson's intervals."""
    import matplotlib.pyplot as plt

    figure, axes = plt.subplots()
    shown = [row for row in rows if row.runs == "interpreter" and row.network in series]
    for i, row in enumerate(sorted(shown, key=lambda row: published[series[row.network]])):
        share = wilson(row.right, row.images)
        ends = np.array([[share.value - share.low], [share.high - share.value]]) * 100
        x, y = published[series[row.network]], 100 * share.value
        axes.errorbar([x], [y], ends, fmt="o", color=COLOURS[0], markersize=4, elinewidth=0.8)
        side = {"xytext": (4, -3), "ha": "left"} if i % 2 or not i else {"xytext": (-4, -3), "ha": "right"}
        axes.annotate(short(row.network), (x, y), textcoords="offset points", **side)
    axes.margins(x=0.15)
    axes.set(xlabel="published top-1, %", ylabel="top-1 on these images, %")
    return figure


def short(name: str) -> str:
    """A network's name without what all have in common."""
    return name.replace("mobilenet_v2_", "").replace("_quant", "").replace("_", " ")


def _line(axes: "Axes", values: Sequence[float], i: int, label: str) -> None:
    axes.plot(range(1, len(values) + 1), values, label=label or None, markersize=3, **_look(i))


def _look(i: int) -> dict[str, Any]:
    """The line of the network of index `i`: when the colours start again, markers are others."""
    colour, marker = COLOURS[i % len(COLOURS)], MARKERS[(i + i // len(COLOURS)) % len(MARKERS)]
    return {"color": colour, "marker": marker, "linewidth": 1}
