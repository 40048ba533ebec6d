"""Latency as JSON, tables, a figure and a verdict."""

import statistics
from typing import TYPE_CHECKING, Any

from analysis.render.quantities import QUANTITIES
from analysis.render.style import COLOURS, MARKERS
from analysis.render.table import Table
from analysis.stats import Verdict
from experiments.answers.answer import Answer, Drawing, as_json
from experiments.claims.evidence import Evidence
from experiments.measurements.latency.rows import COSTS, Measured, correlations, disagreements
from experiments.measurements.latency.rule import NETWORKS, judge, ordered

if TYPE_CHECKING:
    from matplotlib.figure import Figure

ALT = "Milliseconds of an image against multiply-adds, a mark a network, and how well each cost orders the networks."
Related = dict[str, dict[str, Any]]


def answer(measured: Measured) -> Answer:
    """The numbers as JSON, three tables, a figure. The claim is judged for one thread and all 22 networks."""
    judged = verdict(measured)
    return Answer(
        measured.stem,
        dict(zip(("", "-correlations", "-pairs"), tables(measured), strict=True)),
        {measured.stem: Drawing(lambda: figure(measured), columns=2, aspect=0.45, alt=ALT)},
        [judged, order(measured)] if judged else None,
        Evidence("measurement:latency"),
        {f"{measured.stem}.json": as_json(values(measured))},
    )


def values(measured: Measured) -> dict[str, Any]:
    """Everything that was measured and what follows from it, as plain values."""
    judged = verdict(measured)
    return {
        "conditions": measured.conditions,
        "environment": measured.environment,
        "networks": measured.networks,
        "correlations": {name: {k: vars(v) for k, v in found.items()} for name, found in _related(measured).items()},
        "disagreements": _pairs(measured),
        "verdict": judged.row() if judged else None,
    }


def verdict(measured: Measured) -> Verdict | None:
    """The verdict on `latency-follows-madds` by the rule that was fixed first.

    None where the rule is not for these threads and networks.
    """
    conditions = measured.conditions
    if conditions["threads"] != 1 or len(measured.networks) != NETWORKS:
        return None
    where = (
        f"Spearman's correlation of latency with MAdds; batch 1, {conditions['threads']} thread(s) of "
        f"{measured.environment['processor']}, median of {conditions['rounds']} rounds"
    )
    return judge({name: found["madds"] for name, found in _related(measured).items()}, where)


def order(measured: Measured) -> Verdict:
    """The verdict by the share of swapped pairs.

    Raises:
        Problem: not the 22 networks.
    """
    conditions = measured.conditions
    where = (
        f"pairs of networks that latency orders against MAdds; batch 1, {conditions['threads']} thread(s) of "
        f"{measured.environment['processor']}, {conditions['rounds']} rounds"
    )
    turns = {name: [time["turns"] for time in measured.times(name)] for name in measured.runtimes}
    return ordered([row["madds"] for row in measured.networks], turns, where)


def tables(measured: Measured) -> tuple[Table, Table, Table]:
    """The networks, the correlations, the pairs that disagree most."""
    runtimes, related = measured.runtimes, _related(measured)
    networks = [
        (
            row["network"],
            *(row[name] / 1e6 if QUANTITIES[quantity].mega else row[name] for name, quantity in COSTS.items()),
            *(cell for name in runtimes for cell in _cells(row["latency"][name])),
        )
        for row in measured.networks
    ]
    columns = ("network", *(QUANTITIES[quantity].column for quantity in COSTS.values()))
    columns += tuple(cell for name in runtimes for cell in (QUANTITIES[name].column, "quartiles"))
    correlated = [
        (QUANTITIES[name].heading, QUANTITIES[COSTS[cost]].heading, c.value, c.low, c.high, c.n)
        for name, found in related.items()
        for cost, c in found.items()
    ]
    level = related[runtimes[0]]["madds"].level
    pairs = [
        (QUANTITIES[p["runtime"]].heading, p["fewer"], p["more"], p["madds"], p["latency"]) for p in _pairs(measured)
    ]
    return (
        Table("Latency of the published checkpoints", columns, networks, (_note(measured),)),
        Table(
            "Rank correlation of latency",
            ("runtime", "with", "Spearman", "low", "high", "n"),
            correlated,
            (f"Intervals at {level:.1%}, which hold together over the runtimes at 95 %.",),
            3,
        ),
        Table(
            "Pairs that disagree most",
            ("runtime", "fewer MAdds, yet slower", "more MAdds", "MAdds, more / fewer", "latency, fewer / more"),
            pairs,
        ),
    )


def _note(measured: Measured) -> str:
    conditions, environment = measured.conditions, measured.environment
    spread = {
        name: statistics.median((t["high"] - t["low"]) / t["median"] for t in measured.times(name))
        for name in measured.runtimes
    }
    return (
        f"Milliseconds for one image: median and quartiles of {conditions['rounds']} interleaved turns of "
        f"{conditions['seconds']:g} s; norms folded, {conditions['threads']} thread(s) of {environment['processor']}, "
        f"torch {environment['torch']}, load {conditions['load']:.1f} before. Median width of the quartiles: "
        + ", ".join(f"{QUANTITIES[name].heading} {share:.1%}" for name, share in spread.items())
        + ". Peak memory: folded inference, 32 bit. Pixel 1: as published."
    )


def figure(measured: Measured) -> "Figure":
    """Latency against MAdds, one mark a network, and how well each quantity orders the networks."""
    import matplotlib.pyplot as plt

    drawn, (left, right) = plt.subplots(1, 2, width_ratios=(1.25, 1))
    madds = [row["madds"] / 1e6 for row in measured.networks]
    for i, ((name, related), colour, marker) in enumerate(
        zip(_related(measured).items(), COLOURS, MARKERS, strict=False)
    ):
        times = measured.times(name)
        ends = [[t["median"] - t["low"] for t in times], [t["high"] - t["median"] for t in times]]
        medians, label = [t["median"] for t in times], f"{QUANTITIES[name].heading}, here"
        left.errorbar(madds, medians, ends, fmt=marker, ms=3, lw=0.7, color=colour, label=label, alpha=0.8)
        found = list(related.values())
        heights = [place + 0.24 * (i - 0.5) for place in range(len(found))]
        sides = [[c.value - c.low for c in found], [c.high - c.value for c in found]]
        right.errorbar([c.value for c in found], heights, xerr=sides, fmt=marker, ms=3, lw=1, color=colour)
    pixel = [row["pixel1_ms"] for row in measured.networks]
    left.plot(madds, pixel, MARKERS[2], ms=3, color=COLOURS[2], label="Pixel 1, published", alpha=0.8)
    left.set(xscale="log", yscale="log", xlabel="multiply-adds (millions)", ylabel="latency (ms)")
    right.set_yticks(range(len(COSTS)), [QUANTITIES[quantity].heading for quantity in COSTS.values()])
    right.invert_yaxis()
    right.set_xlim(right=1.0)
    right.set_xlabel("Spearman's correlation with latency")
    drawn.legend(loc="outside upper center", ncols=3)
    return drawn


def line(measured: Measured) -> str:
    """The verdict in one line, or why there is none."""
    judged = verdict(measured)
    if not judged:
        return f"not judged: the rule is for one thread and all {NETWORKS} networks"
    found = order(measured)
    return f"{found.claim}: {found.verdict} ({found.why}). The rule fixed at first: {judged.verdict} ({judged.why})"


def _related(measured: Measured) -> Related:
    return {name: correlations(measured, name) for name in measured.runtimes}


def _pairs(measured: Measured) -> list[dict[str, Any]]:
    return [pair for name in measured.runtimes for pair in disagreements(measured.networks, name)]


def _cells(time: dict[str, Any]) -> tuple[float, str]:
    return time["median"], f"{time['low']:.2f} to {time['high']:.2f}"
