"""Arms of a study as curves: what they reach against an axis of the variants or against a count."""

from collections.abc import Mapping, Sequence
from math import floor, log10
from typing import TYPE_CHECKING

from analysis.render.arms import Arm
from analysis.render.quantities import QUANTITIES
from analysis.render.style import COLOURS, MARKERS
from analysis.stats import finished
from analysis.stats.intervals import geometric_interval, mean_interval

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

COUNTS = ("madds", "params")  # quantities that an axis may show; any other axis is one of the variants
LOGARITHMIC = 8  # an axis of a variant over such a factor and more is drawn logarithmically
LINES = ("-", "--", ":", "-.")


Points = Sequence[tuple[float, float]]
NONE: Mapping[str, Points] = {}


def curves_figure(
    lines: Mapping[str, Sequence[Arm]],
    x: str,
    title: str,
    metric: str = "test accuracy",
    published: Mapping[str, Points] = NONE,
    source: str = "",
) -> "Figure":
    """A line of means for each of `lines`, with 95 % t intervals and every seed's `metric` as a point.

    `x`: "madds" or "params", drawn logarithmically, or an axis of the variants, such as "expansion". Lines differ
    in colour, marker and dashes. `published`: curves of (x, y) that others printed, drawn in a panel of their own
    under `source`.
    """
    import matplotlib.pyplot as plt

    figure, panels = plt.subplots(1, 2 if published else 1, squeeze=False)
    axes = panels[0, 0]
    for i, (label, arms) in enumerate(lines.items()):
        colour, marker = COLOURS[i % len(COLOURS)], MARKERS[i % len(MARKERS)]
        places = [place(arm, x) for arm in arms]
        means = [arm.estimate.mean for arm in arms]
        halves = [arm.estimate.mean - arm.estimate.low if arm.estimate.n > 1 else 0.0 for arm in arms]
        for at, arm in zip(places, arms, strict=True):
            values = list(finished(arm.runs).values())
            axes.plot([at] * len(values), values, marker, color=colour, alpha=0.35, markersize=2.5, linewidth=0)
        style = {"color": colour, "marker": marker, "linestyle": LINES[i % len(LINES)], "markersize": 4}
        axes.errorbar(places, means, halves, label=label, capsize=2.5, linewidth=1, **style)
    if x in COUNTS:
        _count_axis(axes, [place(arm, x) for arms in lines.values() for arm in arms])
    else:
        ticks = sorted({place(arm, x) for arms in lines.values() for arm in arms})
        if ticks[-1] >= LOGARITHMIC * ticks[0] > 0:
            axes.set_xscale("log", base=2)
        axes.set_xticks(ticks, [f"{tick:g}" for tick in ticks])
        axes.minorticks_off()
    name = QUANTITIES[x].short if x in COUNTS else x
    axes.set_xlabel(name)
    axes.set_ylabel(f"{metric} (%)")
    axes.legend()
    if published:
        _published(panels[0, 1], published, source)
        panels[0, 1].set_xlabel(name)
        figure.suptitle(title)
    else:
        axes.set_title(title)
    return figure


def seeds_line(axes: "Axes", x: Sequence[float], seeds: Sequence[Sequence[float]], i: int, label: str) -> None:
    """Draw the means over seeds as a line in the `i`th colour, their 95 % t intervals as bars. `seeds`: the values at
    each of `x`, of which places without any are left out. On a logarithmic axis means are geometric, and intervals are
    those of the logarithms."""
    kept = [(at, values) for at, values in zip(x, seeds, strict=True) if values]
    ends = [_geometric(values) if axes.get_yscale() == "log" else _arithmetic(values) for _, values in kept]
    bars = [[mean - low for mean, low, _ in ends], [high - mean for mean, _, high in ends]]
    look = {"color": COLOURS[i], "marker": MARKERS[i], "markersize": 3, "linewidth": 1, "elinewidth": 0.6}
    axes.errorbar([at for at, _ in kept], [mean for mean, _, _ in ends], bars, label=label, **look)


def _arithmetic(values: Sequence[float]) -> tuple[float, float, float]:
    found = mean_interval(values)
    return (found.mean, found.low, found.high) if found.n > 1 else (found.mean, found.mean, found.mean)


def _geometric(values: Sequence[float]) -> tuple[float, float, float]:
    mean, low, high = geometric_interval(values)
    return (mean, low, high) if len(values) > 1 else (mean, mean, mean)


def _published(axes: "Axes", curves: Mapping[str, Points], source: str) -> None:
    for i, (label, points) in enumerate(curves.items()):
        style = {"color": COLOURS[i % len(COLOURS)], "marker": MARKERS[i % len(MARKERS)], "markersize": 4}
        axes.plot(*zip(*points, strict=True), label=label, linestyle=LINES[i % len(LINES)], linewidth=1, **style)
    _count_axis(axes, [at for points in curves.values() for at, _ in points])
    axes.set_ylabel("top-1 accuracy (%)")
    axes.set_title(source)
    axes.legend()


def _count_axis(axes: "Axes", places: Sequence[float]) -> None:
    axes.set_xscale("log")
    axes.set_xticks(*_round_ticks(places))
    axes.minorticks_off()


def place(arm: Arm, x: str) -> float:
    """Place of an arm on the horizontal axis."""
    if arm.at is not None:
        return arm.at
    return float(getattr(arm.cost if x in COUNTS else arm.variant, x))


def _round_ticks(places: Sequence[float]) -> tuple[list[float], list[str]]:
    """1, 2, 5 times powers of ten around the places, and their names in thousands or millions."""
    powers = range(floor(log10(min(places))) - 1, floor(log10(max(places))) + 2)
    steps = [step * 10.0**power for power in powers for step in (1, 2, 5)]
    ticks = [tick for tick in steps if min(places) / 1.5 <= tick <= max(places) * 1.5]
    return ticks, [f"{tick / 1e6:g} M" if tick >= 1e6 else f"{tick / 1e3:g} k" for tick in ticks]
