"""Figures of the activations of trained networks."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from analysis.manifold.trained.rows import Dimension, Positive, Recovery
from analysis.render.curves import seeds_line
from analysis.render.style import COLOURS, MARKERS
from experiments.measurements.patterns.tables import STAGES, arms, blocks, mean_of, over_seeds

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from numpy.typing import NDArray

Curve = tuple[float, float, float, float, bool]  # least, mean, most, threshold as shares of channels; shortcut


def patterns_figure(rows: Sequence[Positive], shown: Sequence[str], published: Sequence[dict[str, str]]) -> "Figure":
    """Figure 7: share of positive channels by layer, published and of the arms `shown`, at both stages."""
    import matplotlib.pyplot as plt

    figure, grid = plt.subplots(2, 1 + len(shown), sharey=True, squeeze=False)
    for line, stage in enumerate(STAGES):
        pattern(grid[line, 0], [published_curve(row, stage) for row in published], f"published, {stage}")
        for column, arm in enumerate(shown, start=1):
            here = [row for row in rows if (row.arm, row.stage) == (arm, stage)]
            curves = [measured_curve([row for row in here if row.block == block]) for block in blocks(here)]
            pattern(grid[line, column], curves, f"{arm}, {stage}")
        grid[line, 0].set_ylabel("share of channels")
    name_layers(figure, grid)
    return figure


def name_layers(figure: "Figure", grid: "NDArray[Any]") -> None:
    """The axis and the legend of panels by expansion layer: axes (2, columns)."""
    for axes in grid[1]:
        axes.set_xlabel("expansion layer")
    figure.legend(*grid[0, 0].get_legend_handles_labels(), loc="outside lower center", ncols=5)


def dimension_figure(rows: Sequence[Dimension], arm: str) -> "Figure":
    """Dimensions by block of one arm at both stages: components for 95 % of the variance, and TwoNN."""
    import matplotlib.pyplot as plt

    figure, grid = plt.subplots(2, 2, sharex=True, sharey="row")
    kinds: tuple[tuple[str, Callable[[Dimension], float]], ...] = (
        ("components for 95 %", lambda row: row.components),
        ("TwoNN", lambda row: row.twonn),
    )
    for column, stage in enumerate(STAGES):
        here = [row for row in rows if (row.arm, row.stage) == (arm, stage)]
        for line, (title, measure) in enumerate(kinds):
            for i, tensor in enumerate(("input", "expand.activation", "depthwise.activation", "project.norm")):
                found = [row for row in here if row.tensor == tensor]
                seeds = [over_seeds([r for r in found if r.block == b], mean_of(measure)) for b in blocks(found)]
                seeds_line(grid[line, column], range(1, len(seeds) + 1), seeds, i, tensor)
            grid[line, column].set_ylim(0, None)
            grid[line, 0].set_ylabel(title)
        channels = [row.channels for row in here if row.tensor == "input" and row.seed == here[0].seed]
        grid[0, column].step(range(1, len(channels) + 1), channels, "k:", where="mid", linewidth=1)
        grid[0, column].lines[-1].set_label("channels of the input")
        grid[0, column].set_title(f"{arm}, {stage}")
        grid[1, column].set_xlabel("block")
    handles, labels = grid[0, 0].get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside lower center", ncols=3)
    return figure


def recovery_figure(rows: Sequence[Recovery], ladder: Sequence[str]) -> "Figure":
    """Held-out R^2 of a block's input from its activated expansion, against expansion, over the arms of `ladder`."""
    import matplotlib.pyplot as plt

    figure, axes = plt.subplots()
    i = 0
    for stage in STAGES:
        for title, name in (("affine map", "linear"), ("random features", "nonlinear")):
            seeds, ratios = [], []
            for arm in (arm for arm in arms(rows) if arm in ladder):
                here = [row for row in rows if (row.arm, row.stage) == (arm, stage)]
                ratios.append(here[0].channels / here[0].inputs)
                seeds.append(over_seeds(here, mean_of(lambda row, name=name: getattr(row, name))))
            order = np.argsort(ratios)
            seeds_line(axes, [ratios[k] for k in order], [seeds[k] for k in order], i, f"{title}, {stage}")
            i += 1
    axes.set(xlabel="expansion", ylabel="held-out $R^2$, mean of blocks")
    axes.legend()
    return figure


def bottleneck_figure(rows: Sequence[Dimension], arm: str) -> "Figure":
    """An activation after the projections: rank and dead channels by block before and after it, at both stages."""
    import matplotlib.pyplot as plt

    figure, grid = plt.subplots(1, 2, sharey=True)
    drawn: tuple[tuple[str, str, Callable[[Dimension], float]], ...] = (
        ("participation ratio before", "project.norm", lambda row: row.participation),
        ("participation ratio after", "project.activation", lambda row: row.participation),
        ("rank after", "project.activation", lambda row: row.rank),
        ("dead channels", "project.activation", lambda row: row.dead),
    )
    for axes, stage in zip(grid, STAGES, strict=True):
        here = [row for row in rows if (row.arm, row.stage) == (arm, stage)]
        for i, (title, tensor, measure) in enumerate(drawn):
            found = [row for row in here if row.tensor == tensor]
            seeds = [over_seeds([r for r in found if r.block == b], mean_of(measure)) for b in blocks(found)]
            seeds_line(axes, range(1, len(seeds) + 1), seeds, i, title)
        axes.set(title=f"{arm}, {stage}", xlabel="block")
        axes.set_ylim(-0.3, None)
    grid[0].set_ylabel("channels")
    handles, labels = grid[0].get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside lower center", ncols=4)
    return figure


def published_curve(row: dict[str, str], stage: str) -> Curve:
    """A layer of the published Figure 7 at a stage."""
    name, channels = {"initial": "step0", "trained": "trained"}[stage], int(row["expanded_ch"])
    least, mean, most = (float(row[f"{name}_{which}"]) / channels for which in ("min", "avg", "max"))
    return least, mean, most, int(row["in_ch"]) / channels, row["has_shortcut"] == "yes"


def measured_curve(rows: Sequence[Positive]) -> Curve:
    """A layer as it was measured, over all seeds."""
    channels, first = rows[0].channels, rows[0]
    mean = sum(row.mean for row in rows) / len(rows)
    least, most = min(row.least for row in rows), max(row.most for row in rows)
    return least / channels, mean / channels, most / channels, first.inputs / channels, first.shortcut


def pattern(axes: "Axes", curves: Sequence[Curve], title: str) -> None:
    """Draw the layers of a network."""
    least, mean, most, threshold, shortcut = (np.array(values) for values in zip(*curves, strict=True))
    layer = np.arange(1, len(curves) + 1)
    axes.fill_between(layer, least, most, color=COLOURS[0], alpha=0.2, linewidth=0, label="least to most")
    axes.plot(layer, mean, color=COLOURS[0], linewidth=1, label="mean")
    axes.plot(layer, threshold, "k:", linewidth=1, label="threshold: input channels")
    sides = (("least, with shortcut", shortcut, COLOURS[2]), ("least, without", ~shortcut, COLOURS[1]))
    for i, (label, chosen, colour) in enumerate(sides):
        axes.plot(layer[chosen], least[chosen], MARKERS[i], color=colour, markersize=3, label=label)
    axes.set(title=title, ylim=(-0.03, 1.03))
    axes.set_xticks(range(2, len(curves) + 1, 2))
