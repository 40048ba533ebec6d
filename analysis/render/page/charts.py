"""Interactive charts as Vega-Lite specifications, in the page's own colours."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from analysis.render.style import COLOURS

if TYPE_CHECKING:
    import altair

# Variables of the page's style sheet; the fallbacks hold where a chart is saved as a file.
INK, QUIET, GRID = "var(--ink, #1c1e21)", "var(--quiet, #595d63)", "var(--grid, #e2e2de)"
PAPER = "var(--paper, #ffffff)"
SERIES = tuple(f"var(--series-{i}, {colour})" for i, colour in enumerate((*COLOURS[:2], "#8a8f96", *COLOURS[2:])))
ACCURACY, TEST = "accuracy (%)", "test accuracy (%)"
FONT = "system-ui, sans-serif"
ROW = 50  # pixels of an arm


def finish(chart: Any, height: int) -> dict[str, Any]:
    """The specification of a chart as wide as its place."""
    axis = {
        "labelColor": QUIET,
        "titleColor": QUIET,
        "titleFontWeight": "normal",
        "gridColor": GRID,
        "domainColor": QUIET,
        "tickColor": QUIET,
        "labelFontSize": 12,
        "titleFontSize": 12,
        "titlePadding": 8,
    }
    config = {
        "font": FONT,
        "background": None,
        "view": {"stroke": None},
        "axis": axis,
        "legend": {"labelColor": INK, "labelFontSize": 12, "title": None, "orient": "top", "columns": 2},
    }
    sized = chart.properties(width="container", height=height, autosize={"type": "fit-x", "contains": "padding"})
    specification = sized.to_dict()
    return {**specification, "config": config}


def selector(name: str, label: str, choices: Mapping[str, str]) -> "altair.Parameter":
    """A parameter chosen from a list: value -> what a reader sees. The first holds until another is chosen."""
    import altair

    bound = altair.binding_select(options=list(choices), labels=list(choices.values()), name=label)
    return altair.param(name=name, value=next(iter(choices)), bind=bound)


def scatter(
    rows: Sequence[Mapping[str, Any]],
    controls: Sequence["altair.Parameter"],
    keep: Sequence[str],
    quantities: Mapping[str, str],
    groups: Sequence[str],
    tooltip: Mapping[str, str],
    interval: bool = True,
    joined: str | None = None,
    transforms: Sequence[Mapping[str, Any]] = (),
    height: int = 400,
) -> dict[str, Any]:
    """Accuracy against a cost that the reader chooses, on a logarithmic axis.

    `rows` have `accuracy`, with `interval` also `low` and `high`, a field for each of `quantities` (field -> title) and
    `group`, one of `groups`, which colour and shape tell apart. One of the `controls` is called `quantity`.
    `keep`: expressions, all true for a row that is drawn. `transforms` come before them. `tooltip`: field -> title.
    `joined`: the group that a stepped line joins.
    """
    import altair

    titles = " : ".join(f"quantity == '{field}' ? '{title}'" for field, title in quantities.items()) + " : ''"
    cost = altair.X("cost:Q", scale=altair.Scale(type="log", nice=False, padding=18), title=None)
    axis = altair.Axis(format=".3~s", tickCount=5, labelOverlap=True)
    base = altair.Chart()
    shapes = ["circle", "diamond", "square", "triangle-up", "cross", "triangle-down"][: len(groups)]
    key = altair.Legend(symbolSize=90, symbolOpacity=1, labelLimit=260)
    colour = altair.Color("group:N", scale=altair.Scale(domain=list(groups), range=SERIES[: len(groups)]), legend=key)
    shape = altair.Shape("group:N", scale=altair.Scale(domain=list(groups), range=shapes), legend=key)
    layers: list[Any] = []
    if joined:
        line = base.transform_filter(f"datum.group == '{joined}'").mark_line(
            interpolate="step-after", strokeDash=[4, 3], strokeWidth=1.2, color=SERIES[0]
        )
        layers.append(line.encode(x=cost, y=altair.Y("accuracy:Q", title=ACCURACY), order="cost:Q"))
    if interval:
        ends = base.mark_rule(strokeWidth=1.2, opacity=0.7)
        layers.append(ends.encode(x=cost, y=altair.Y("low:Q", title=ACCURACY), y2="high:Q", color=colour))
    height_axis = altair.Y("accuracy:Q", scale=altair.Scale(zero=False, padding=8), title=ACCURACY)
    points = base.mark_point(filled=True, size=75, opacity=1, stroke=PAPER, strokeWidth=0.8).encode(
        x=cost.axis(axis),
        y=height_axis,
        color=colour,
        shape=shape,
        tooltip=[altair.Tooltip(f"{field}:N", title=title) for field, title in tooltip.items()],
    )
    caption = altair.Chart(altair.Data(values=[{}])).mark_text(
        text=altair.ExprRef(titles), y=height + 34, align="center", fontSize=12, color=QUIET, font=FONT
    )
    caption = caption.encode(x=altair.value(altair.ExprRef("width / 2")))
    chart = altair.layer(*layers, points, caption, data=altair.Data(values=[dict(row) for row in rows]))
    chart = chart.add_params(*controls)
    specification = finish(chart, height)
    drawn = [{"calculate": "datum[quantity]", "as": "cost"}, {"filter": "isValid(datum.cost)"}]
    chosen = [*transforms, *({"filter": condition} for condition in keep), *drawn]
    # The caption has data of its own, and must not lose its one row to the filters.
    for layer in specification["layer"][:-1]:
        layer["transform"] = [*chosen, *layer.get("transform", [])]
    return {**specification, "padding": {"bottom": 26, "left": 4, "right": 4, "top": 4}}


def strip(rows: Sequence[Mapping[str, Any]], means: Sequence[Mapping[str, Any]], arms: Sequence[str]) -> dict[str, Any]:
    """Every run of every arm as a point, arms below each other, with mean and interval. Pointing at a run shows the
    runs of its seed in all arms.

    `rows`: arm, seed, accuracy, run (how to see it again). `means`: arm, accuracy, low, high, n, text.
    """
    import altair

    seed = altair.selection_point(name="seed", fields=["seed"], on="pointerover", clear="pointerout")
    # A comma begins a line. The first line is where a single one is.
    label = altair.Axis(
        labelExpr="split(datum.label, ', ')",
        labelOffset=-7,
        labelPadding=8,
        labelLimit=150,
        labelColor=INK,
        ticks=False,
        domain=False,
        grid=True,
    )
    arm = altair.Y("arm:N", sort=None, scale=altair.Scale(domain=list(arms)), title=None, axis=label)
    ticks = altair.Axis(tickCount=6, format="~g", labelOverlap=True)
    accuracy = altair.X("accuracy:Q", scale=altair.Scale(zero=False, padding=12), title=TEST, axis=ticks)
    runs = altair.Chart(altair.Data(values=[dict(row) for row in rows]))
    shown = [altair.Tooltip(f"{field}:N", title=title) for field, title in _RUN.items()]
    points = runs.mark_point(filled=True, size=55, color=SERIES[0], yOffset=-6).encode(
        x=accuracy,
        y=arm,
        opacity=altair.condition(seed, altair.value(0.8), altair.value(0.12)),
        tooltip=shown,
    )
    middle = altair.Chart(altair.Data(values=[dict(row) for row in means]))
    ends = middle.mark_rule(color=INK, strokeWidth=1.6, yOffset=8, y2Offset=8).encode(
        x=altair.X("low:Q", title=TEST), x2="high:Q", y=arm
    )
    shown = [altair.Tooltip(f"{field}:N", title=title) for field, title in _MEAN.items()]
    mean = middle.mark_point(filled=True, size=75, shape="diamond", color=INK, opacity=1, yOffset=8).encode(
        x=accuracy, y=arm, tooltip=shown
    )
    return finish(altair.layer(ends, mean, points.add_params(seed)), ROW * len(arms))


_RUN = {"arm": "title", "seed": "seed", "percent": "accuracy", "run": "see it again"}
_MEAN = {"arm": "title", "text": "mean, 95 % interval", "n": "runs"}
