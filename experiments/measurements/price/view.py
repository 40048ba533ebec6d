"""The price list as a table and as a figure."""

from typing import TYPE_CHECKING

from analysis.render.style import COLOURS, MARKERS
from analysis.render.table import Table
from experiments.answers.answer import Answer, Drawing
from experiments.measurements.price.parts import parts
from experiments.measurements.price.rows import BUDGETS, COSTS, Line, Measured, Price

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

STEM = "price"
NOT_RUN = "not run"


def answer(measured: Measured) -> Answer:
    """The figure, the list, and the runs that it is from."""
    figures = {STEM: Drawing(lambda: figure(measured), 2.0, 0.55, alt=alt(measured))}
    return Answer(STEM, {"": table(measured), "-runs": runs_table(measured)}, figures)


def alt(measured: Measured) -> str:
    """The list for those who cannot see the figure: the price of each part at the largest budget that has run."""
    said = []
    for line in measured.lines:
        if ran := {epochs: price for epochs, price in line.prices.items() if price}:
            epochs, price = max(ran.items())
            said.append(f"{line.part.name} {price.points:+.1f} [{price.low:+.1f}, {price.high:+.1f}] after {epochs}")
    return f"Points of accuracy that each part buys after so many epochs on CIFAR-10: {'; '.join(said)}."


def table(measured: Measured) -> Table:
    """The list: a row a part, its points at each budget in words, and its costs."""
    rows = [
        (
            line.part.name,
            *(_words(line.prices[epochs]) for epochs in BUDGETS),
            *line.adds.values(),
            *(line.slower or (None, None, None)),
        )
        for line in measured.lines
    ]
    columns = ("part", *(f"{epochs} epoch{'s' if epochs > 1 else ''}" for epochs in BUDGETS))
    costs = (*(f"{name} +%" for name in COSTS), "latency +%", "from", "to")
    return Table("What each part buys, and what it costs", columns + costs, rows, _notes(measured), digits=1)


def runs_table(measured: Measured) -> Table:
    """A row for each price that is known, with the runs that it is from."""
    rows = [
        (line.part.name, epochs, *price[:3], price.ours.difference.n, price.ours.where)
        for line in measured.lines
        for epochs, price in line.prices.items()
        if price
    ]
    columns = ("part", "epochs", "points", "from", "to", "n", "runs")
    return Table("The runs of the price list", columns, rows, ("`n`: runs of the network with fewer.",))


def _words(price: Price | None) -> str:
    return f"{price.points:+.1f} [{price.low:+.1f}, {price.high:+.1f}]" if price else NOT_RUN


def _notes(measured: Measured) -> tuple[str, ...]:
    studies = ", ".join(dict.fromkeys(part.study for part in parts()))
    notes = [
        "Points of test accuracy on CIFAR-10, with the part minus without it, Welch's 95 % interval. The "
        "network has 3 M multiply-adds. Where seeds came in looks, the interval does not allow for stopping. Arms of "
        f"the studies {studies}. Number of runs, data and rate of each: table price-runs.",
        "Ten percent more: the difference of two networks further apart, taken as proportional to the logarithm of "
        "what they differ in. Costs: by how many percent they grow with the part, for one image, norms folded. In the "
        "figure a latency in brackets is not shown to differ.",
    ]
    if measured.timed:
        where = measured.timed.conditions
        notes.append(
            f"Latency: {where['runtime']}, one image, one thread, {where['rounds']} interleaved rounds of "
            f"{where['seconds']:g} s on {measured.timed.environment.get('processor', 'this machine')}, load "
            f"{where['load']:.1f} before. Its 95 % interval is over the rounds of this one measurement."
        )
    return tuple(notes)


def figure(measured: Measured) -> "Figure":
    """A row a part: its points at each budget that has run, and next to them what it costs."""
    import matplotlib.pyplot as plt

    drawn, (axes, costs) = plt.subplots(1, 2, width_ratios=(1.6, 1), sharey=True)
    lines = measured.lines
    ran = [epochs for epochs in BUDGETS if any(line.prices[epochs] for line in lines)]
    for i, epochs in enumerate(ran):
        _budget(axes, lines, epochs, i, len(ran))
    axes.axvline(0, color="grey", linewidth=0.8)
    marginal = next(i for i, line in enumerate(lines) if line.part.times)
    for each in (axes, costs):
        each.axhline(marginal - 0.5, color="grey", linewidth=0.5, linestyle=":")
    axes.set_yticks(range(len(lines)), [line.part.name for line in lines])
    axes.invert_yaxis()
    axes.set(xlabel="points of test accuracy that it buys", title="what each part buys (CIFAR-10, 3 M MAdds)")
    axes.legend(title="epochs", loc="lower right")
    _table_of_costs(costs, lines)
    return drawn


def _budget(axes: "Axes", lines: list[Line], epochs: int, i: int, many: int) -> None:
    known = [(place, price) for place, line in enumerate(lines) if (price := line.prices[epochs])]
    heights = [place + (i - (many - 1) / 2) * 0.7 / many for place, _ in known]
    points = [price.points for _, price in known]
    halves = [
        [price.points - price.low for _, price in known],
        [price.high - price.points for _, price in known],
    ]
    colour, marker = COLOURS[i % len(COLOURS)], MARKERS[i % len(MARKERS)]
    axes.errorbar(
        points, heights, xerr=halves, fmt=marker, color=colour, markersize=4, capsize=2, linewidth=1, label=f"{epochs}"
    )


def _short(percent: float) -> str:
    return "0" if abs(percent) < 0.5 else f"{percent:+.0f} %"


def _table_of_costs(axes: "Axes", lines: list[Line]) -> None:
    names = (*COSTS, "latency")
    for column, name in enumerate(names):
        axes.text(column, -0.7, name.replace(" ", "\n"), ha="center", va="bottom", fontsize="x-small")
    for place, line in enumerate(lines):
        for column, value in enumerate(line.adds.values()):
            axes.text(column, place, _short(value), ha="center", va="center", fontsize="small")
        if line.slower:
            sure = not line.slower.low <= 0 <= line.slower.high
            text = _short(line.slower.percent) if sure else f"({_short(line.slower.percent)})"
            axes.text(len(COSTS), place, text, ha="center", va="center", fontsize="small")
    axes.set(xlim=(-0.5, len(names) - 0.5), xticks=[])
    axes.set_title("what it costs", pad=20)
    axes.tick_params(left=False)
    axes.grid(False)
    for side in axes.spines.values():
        side.set_visible(False)
