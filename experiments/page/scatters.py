"""Accuracy of our trained variants against what they cost: chart, table, still figure."""

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from analysis.render.page.charts import scatter, selector
from analysis.render.page.parts import Chart, Grid, Still, grid
from analysis.render.quantities import QUANTITIES as EVERY_QUANTITY
from analysis.render.style import COLOURS, MARKERS
from analysis.render.table import Table
from experiments.answers.answer import Answer, Drawing
from experiments.answers.conditions import Conditions
from experiments.page.tradeoff import EVERY, PLACES, Place, Point, groups, placements

if TYPE_CHECKING:
    from matplotlib.figure import Figure

QUANTITIES = {name: EVERY_QUANTITY[name] for name in ("madds", "params", "memory")}
ALT = "Test accuracy against multiply-adds of the trained variants; the numbers are in the table below."
SHORT = {name: quantity.short for name, quantity in QUANTITIES.items()}


def tradeoff_chart(found: Sequence[Point], still: Still | None) -> Chart:
    """Our variants: chosen by budget, study and axis, against a cost, the front joined."""
    places: dict[str, dict[str, float]] = {}
    names = [""] + [point.variant.text for point in found]
    budgets = list(dict.fromkeys(point.budget for point in found))
    for budget, study, axis, chosen in groups(found):
        for quantity in QUANTITIES:
            for text, (place, probability) in placements(chosen, quantity).items():
                if probability is not None:  # place and probability as one number: 1.23
                    group = places.setdefault("|".join((str(budgets.index(budget)), study, axis, quantity)), {})
                    group[str(names.index(text))] = round(PLACES.index(place) + min(probability, 0.999), 3)
    best_last = sorted(found, key=lambda point: point.estimate.mean)  # and so on top
    rows = [_row(point, names.index(point.variant.text), budgets.index(point.budget)) for point in best_last]
    options = {name: list(dict.fromkeys(x for p in found for x in getattr(p, name))) for name in ("studies", "axes")}
    controls = [
        selector("quantity", "cost", SHORT),
        selector("study", "study", {EVERY: "all studies", **{name: name for name in options["studies"]}}),
        selector("axis", "axis", {EVERY: "all axes", **{name: name for name in options["axes"]}}),
        selector("budget", "trained with", {str(i): budget.text for i, budget in enumerate(budgets)}),
    ]
    tooltip = {"label": "title", "arms": "studies", "reached": "accuracy", "shown": "Pareto front"}
    tooltip |= {f"{name}_text": SHORT[name] for name in QUANTITIES}
    specification = scatter(
        rows,
        controls,
        (
            "datum.budget == budget",
            f"study == '{EVERY}' || indexof(datum.studies, study) >= 0",
            f"axis == '{EVERY}' || !datum.axes.length || indexof(datum.axes, axis) >= 0",
        ),
        {name: quantity.label for name, quantity in QUANTITIES.items()},
        PLACES,
        tooltip,
        joined=PLACES[0],
        transforms=(
            {"calculate": "(places[join([budget, study, axis, quantity], '|')] || {})[datum.key]", "as": "stands"},
            {
                "calculate": f"{list(PLACES)!r}[isValid(datum.stands) ? floor(datum.stands) : {len(PLACES) - 1}]",
                "as": "group",
            },
            {
                "calculate": "datum.group + (isValid(datum.stands) ? '; on it with probability '"
                " + format(datum.stands % 1, '.2f') : '')",
                "as": "shown",
            },
        ),
    )
    specification["params"].append({"name": "places", "value": places})
    alt = f"Test accuracy against cost of {len(rows)} trained variants; the numbers are in the table below."
    caption = (
        "Every point is a trained variant with its mean test accuracy and 95 % t interval; the dashed line joins the "
        "front of the means of what is shown. Cannot be told from the front: off it by the means, with more than a "
        "1 in 20 chance of being on it by the true ones. Not placed: for want of a seed that the others have."
    )
    return Chart("tradeoff", specification, alt, caption, still)


def _row(point: Point, key: int, budget: int) -> dict[str, Any]:
    e = point.estimate
    known = e.n > 1
    return {
        "key": str(key),
        "label": point.label,
        "budget": str(budget),
        "studies": list(point.studies),
        "arms": "; ".join(f"{study}: {arm}" for study, arm in point.studies.items()),
        "axes": list(point.axes),
        "accuracy": round(e.mean, 3),
        "low": round(max(e.low, 0.0) if known else e.mean, 3),
        "high": round(min(e.high, 100.0) if known else e.mean, 3),
        "reached": f"{e.mean:.1f} %" + (f" [{e.low:.1f}, {e.high:.1f}]" if known else "") + f", n = {e.n}",
        **point.costs,
        **{f"{name}_text": QUANTITIES[name].text(amount) for name, amount in point.costs.items()},
    }


def tradeoff_table(found: Sequence[Point]) -> Grid:
    """The chart's points as numbers. Places are those among all variants of the budget, by multiply-adds."""
    placed: dict[tuple[Conditions, str], Place] = {}
    for budget, study, axis, chosen in groups(found):
        if study == axis == EVERY:
            placed |= {(budget, text): place for text, place in placements(chosen, "madds").items()}
    columns = ("variant", "studies", *SHORT.values(), "n", "accuracy %", "low", "high")
    rows = []
    for point in found:
        e, place = point.estimate, placed[point.budget, point.variant.text]
        amounts = [point.costs[name] for name in QUANTITIES]
        ends = (e.low, e.high) if e.n > 1 else (None, None)
        studies = ", ".join(point.studies)
        standing = (place.place, place.probability, point.budget.text)
        rows.append((point.label, studies, *amounts, e.n, e.mean, *ends, *standing))
    columns += ("by multiply-adds", "probability", "trained with")
    title = "Accuracy and cost of every trained variant"
    return grid("tradeoff", Table(title, columns, rows), folded=len(rows) > 12)


def tradeoff_figure(found: Sequence[Point]) -> "Figure":
    """The chart without its controls: all variants of the largest group against multiply-adds."""
    import matplotlib.pyplot as plt

    budgets = [point.budget for point in found]
    budget = max(dict.fromkeys(budgets), key=budgets.count)
    here = [point for point in found if point.budget == budget]
    placed = placements(here, "madds")
    drawn, axes = plt.subplots()
    for place, colour, marker in zip(PLACES, (*COLOURS[:2], "#8a8f96", COLOURS[2]), MARKERS, strict=False):
        mine = [point for point in here if placed[point.variant.text].place == place]
        mine.sort(key=lambda point: point.costs["madds"])
        x, e = [point.costs["madds"] for point in mine], [point.estimate for point in mine]
        if place == PLACES[0]:
            axes.step(x, [each.mean for each in e], color=colour, where="post", linewidth=0.8, linestyle="--")
        halves = [each.mean - each.low if each.n > 1 else 0.0 for each in e]
        style = {"color": colour, "marker": marker, "markersize": 3.5, "linewidth": 0, "elinewidth": 0.7}
        if mine:
            axes.errorbar(x, [each.mean for each in e], halves, label=place, **style)
    axes.set(xscale="log", xlabel="multiply-adds", ylabel="test accuracy (%)")
    axes.set_title(budget.text)
    axes.legend(loc="best")
    return drawn


def tradeoff_answer(found: Sequence[Point]) -> Answer:
    """The still figure, to be written below figures/."""
    drawing = Drawing(partial(tradeoff_figure, found), columns=1.5, aspect=0.62, alt=ALT)
    return Answer("tradeoff", figures={"tradeoff": drawing})
