"""Published effects next to ours: a figure, a table, verdicts."""

from typing import TYPE_CHECKING

from analysis.render.style import COLOURS, MARKERS
from analysis.render.table import Table
from experiments.answers.answer import Answer, Drawing
from experiments.answers.conditions import NAMES
from experiments.claims.evidence import Evidence
from experiments.measurements.effects.rows import BASE, GAPS, LATE, Measured, Ours, early, late
from experiments.measurements.effects.rule import above_one, several

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

STEM = "effects"
JUDGE = "measurement:effects"
ALT = (
    "What a ReLU6 in the bottleneck, shortcuts between expansions and no shortcuts cost, in points, on logarithmic "
    "axes. Left the paper's own curves against training steps, right runs of this suite against epochs. All shrink. "
    "Filled marks: the copy of the data and the rate with most runs."
)
COLUMNS = ("gap", "of", "data", "budget", "n", "points", "from", "to")


def answer(measured: Measured) -> Answer:
    """The figure, the table, and the verdict on the size that the paper names."""
    figures = {STEM: Drawing(lambda: figure(measured), columns=2, aspect=0.5, alt=ALT)} if measured.ours else {}
    return Answer(STEM, {"": table(measured)}, figures, [several(measured)], Evidence(JUDGE))


def answers(measured: Measured) -> list[Answer]:
    """The answer, and the verdicts of each budget."""
    return [answer(measured), *budgets(measured)]


def budgets(measured: Measured) -> list[Answer]:
    """The verdicts on expansion above 1, one for each budget."""
    return [
        Answer(
            f"expansion-above-one-{each.dataset}-{each.digest[:6]}-{each.epochs}{_rate(each)}",
            verdicts=[above_one(each)],
            evidence=Evidence(JUDGE, each.dataset, BASE.name, each.epochs),
        )
        for each in measured.expansion
    ]


def table(measured: Measured) -> Table:
    """A row for each gap and budget, published ones at the begin and the end of their curves."""
    rows: list[tuple[object, ...]] = []
    for gap in GAPS:
        curve = measured.published[gap.name]
        for mean, start, end in (
            (early(curve), curve[0][0], curve[0][0] + LATE),
            (late(curve), curve[-1][0] - LATE, curve[-1][0]),
        ):
            steps = f"{start:.1f} to {end:.1f} million steps"
            rows.append((gap.name, "ImageNet top-1", "Figure 6 of the paper", steps, 1, mean, None, None))
        rows += [_row(each) for each in measured.ours if each.name == gap.name]
    rows += [_row(each) for each in measured.expansion]
    notes = (
        f"In points. Published: means over {LATE:g} million steps of curves of one run each, digitised from the vector "
        "graphic (analysis/reference/figure6_curves.csv). Ours: mean of the last epoch on the test set, `n` runs of "
        "the network with fewer, Welch's 95 % t interval, recipe `brief` at each number of epochs and peak rate, every "
        "stored seed. Where seeds came in looks, the interval does not allow for stopping. "
        "Expansion: the mean over the costs of widths 0.5, 1 and 1.5 that have runs.",
    )
    return Table("Published effects, and ours, by budget", COLUMNS, rows, notes)


def _rate(ours: Ours) -> str:
    """The end of a file's name where the rate is not that of the recipe brief."""
    return "" if ours.rate == BASE.peak_rate else f"-rate-{ours.rate:g}"


def _row(ours: Ours) -> tuple[object, ...]:
    d, budget = ours.difference, f"{ours.epochs} epoch{'s' if ours.epochs > 1 else ''}"
    return (d.title, "test accuracy", ours.where, budget, d.n, d.mean, d.low, d.high)


def figure(measured: Measured) -> "Figure":
    """Points lost against training, published and ours, both axes logarithmic. Published gaps of 0 or less are left
    out."""
    import matplotlib.pyplot as plt

    drawn, (left, right) = plt.subplots(1, 2, sharey=True, width_ratios=(1.15, 1))
    for gap, colour, marker in zip(GAPS, COLOURS, MARKERS, strict=False):
        curve = [(step, points) for step, points in measured.published[gap.name] if points > 0]
        left.plot(*zip(*curve, strict=True), marker, ms=2.2, color=colour, label=gap.name, alpha=0.8)
        _ours(right, [each for each in measured.ours if each.name == gap.name], colour, marker)
    left.set(xlabel="training steps (millions)", ylabel="points of accuracy", title="ImageNet, Figure 6, n = 1")
    counts = sorted({each.difference.n for each in measured.ours})
    many = f"{counts[0]}" if len(counts) == 1 else f"{counts[0]} to {counts[-1]}"
    sets = " and ".join(dict.fromkeys(NAMES.get(each.dataset, each.dataset) for each in measured.ours))
    right.set(xlabel="epochs", title=f"{sets}, small network, n = {many}")
    epochs = sorted({each.epochs for each in measured.ours})
    for axes, ticks in ((left, (1, 2, 3, 5, 7)), (right, epochs)):
        axes.set(xscale="log", yscale="log")
        axes.set_xticks(ticks, [f"{tick:g}" for tick in ticks])
        axes.minorticks_off()
    right.set_xlim(epochs[0] / 1.6, epochs[-1] * 1.6)
    left.set_yticks((0.2, 0.5, 1, 2, 5, 10, 20))
    left.yaxis.set_major_formatter("{x:g}")
    drawn.legend(*left.get_legend_handles_labels(), loc="outside upper center", ncols=len(GAPS))
    return drawn


def _ours(axes: "Axes", found: list[Ours], colour: str, marker: str) -> None:
    """A gap of stored runs against epochs, each copy of the data and rate joined, side by side. Intervals end at the
    edge.

    The one with most runs is filled.
    """
    copies = list(dict.fromkeys(map(_copy, found)))
    counts = {copy: sum(each.difference.n for each in found if _copy(each) == copy) for copy in copies}
    for place, copy in enumerate(sorted(copies, key=lambda copy: -counts[copy])):
        mine = [each for each in found if _copy(each) == copy and each.difference.mean > 0]
        x, means = [each.epochs * 1.09**place for each in mine], [each.difference.mean for each in mine]
        low = [each.difference.mean - max(each.difference.low, 0.1) for each in mine]
        high = [each.difference.high - each.difference.mean for each in mine]
        face = "none" if place else colour
        axes.errorbar(
            x, means, [low, high], fmt=f"{marker}-", ms=4, lw=0.9, capsize=2.5, color=colour, markerfacecolor=face
        )


def _copy(ours: Ours) -> tuple[str, str, float]:
    """What the points of a line have in common."""
    return ours.dataset, ours.digest, ours.rate
