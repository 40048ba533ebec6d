"""Latency as JSON, a table, a figure and a verdict."""

import json
import statistics
from pathlib import Path
from typing import TYPE_CHECKING, Any

from analysis.files import write_whole
from analysis.render.table import Table
from analysis.stats import Verdict
from experiments.measurements.latency.measure import QUANTITIES, Row, correlations, disagreements
from experiments.measurements.latency.rule import NETWORKS, judge

if TYPE_CHECKING:
    from matplotlib.figure import Figure

TITLES = {"eager": "eager torch", "onnxruntime": "ONNX Runtime"}


def answer(rows: list[Row], conditions: dict[str, Any], environment: dict[str, Any]) -> dict[str, Any]:
    """Everything that was measured and what follows from it, as plain values.

    `conditions`: `threads`, `rounds`, `seconds`, `load` (the machine's load average before).
    """
    runtimes = list(rows[0]["latency"])
    related = {name: correlations(rows, name, len(runtimes)) for name in runtimes}
    where = (
        f"Spearman's correlation of latency with MAdds; batch 1, {conditions['threads']} thread(s) of "
        f"{environment['processor']}, median of {conditions['rounds']} rounds"
    )
    judged = conditions["threads"] == 1 and len(rows) == NETWORKS
    return {
        "conditions": {"batch": 1, "norms": "folded", **conditions},
        "environment": environment,
        "networks": rows,
        "correlations": {name: {k: vars(v) for k, v in found.items()} for name, found in related.items()},
        "disagreements": [pair for name in runtimes for pair in disagreements(rows, name)],
        "verdict": judge({name: found["madds"] for name, found in related.items()}, where).row() if judged else None,
    }


def tables(told: dict[str, Any]) -> tuple[Table, Table, Table]:
    """The networks, the correlations, the pairs that disagree most."""
    runtimes = list(told["correlations"])
    conditions, environment = told["conditions"], told["environment"]
    spread = {
        name: statistics.median((t["high"] - t["low"]) / t["median"] for t in _times(told, name)) for name in runtimes
    }
    note = (
        f"Milliseconds for one image: median and quartiles of {conditions['rounds']} interleaved turns of "
        f"{conditions['seconds']:g} s; norms folded, {conditions['threads']} thread(s) of {environment['processor']}, "
        f"torch {environment['torch']}, load {conditions['load']:.1f} before. Median width of the quartiles: "
        + ", ".join(f"{TITLES[name]} {share:.1%}" for name, share in spread.items())
        + ". Peak memory: folded inference, 32 bit. Pixel 1: as published."
    )
    networks = [
        (
            row["network"],
            *(row[name] / 1e6 for name in ("madds", "params", "memory")),
            row["pixel1_ms"],
            *(cell for name in runtimes for cell in _cells(row["latency"][name])),
        )
        for row in told["networks"]
    ]
    columns = ("network", "MAdds (M)", "parameters (M)", "peak memory (MB)", "Pixel 1 (ms)")
    columns += tuple(cell for name in runtimes for cell in (f"{TITLES[name]} (ms)", "quartiles"))
    related = [
        (TITLES[name], QUANTITIES[quantity], c["value"], c["low"], c["high"], c["n"])
        for name in runtimes
        for quantity, c in told["correlations"][name].items()
    ]
    level = told["correlations"][runtimes[0]]["madds"]["level"]
    pairs = [(TITLES[p["runtime"]], p["fewer"], p["more"], p["madds"], p["latency"]) for p in told["disagreements"]]
    return (
        Table("Latency of the published checkpoints", columns, networks, (note,)),
        Table(
            "Rank correlation of latency",
            ("runtime", "with", "Spearman", "low", "high", "n"),
            related,
            (f"Intervals at {level:.1%}, which hold together over the runtimes at 95 %.",),
            3,
        ),
        Table(
            "Pairs that disagree most",
            ("runtime", "fewer MAdds, yet slower", "more MAdds", "MAdds, more / fewer", "latency, fewer / more"),
            pairs,
        ),
    )


def figure(told: dict[str, Any]) -> "Figure":
    """Latency against MAdds, one mark a network; beside it, how well each quantity orders the networks."""
    import matplotlib.pyplot as plt

    from analysis.render.style import COLOURS, MARKERS

    drawn, (left, right) = plt.subplots(1, 2, width_ratios=(1.25, 1))
    madds = [row["madds"] / 1e6 for row in told["networks"]]
    for i, (name, colour, marker) in enumerate(zip(told["correlations"], COLOURS, MARKERS, strict=False)):
        times = _times(told, name)
        ends = [[t["median"] - t["low"] for t in times], [t["high"] - t["median"] for t in times]]
        medians = [t["median"] for t in times]
        left.errorbar(
            madds, medians, ends, fmt=marker, ms=3, lw=0.7, color=colour, label=f"{TITLES[name]}, here", alpha=0.8
        )
        found = list(told["correlations"][name].values())
        heights = [place + 0.24 * (i - 0.5) for place in range(len(found))]
        values = [c["value"] for c in found]
        sides = [[c["value"] - c["low"] for c in found], [c["high"] - c["value"] for c in found]]
        right.errorbar(values, heights, xerr=sides, fmt=marker, ms=3, lw=1, color=colour)
    pixel = [row["pixel1_ms"] for row in told["networks"]]
    left.plot(madds, pixel, MARKERS[2], ms=3, color=COLOURS[2], label="Pixel 1, published", alpha=0.8)
    left.set(xscale="log", yscale="log", xlabel="multiply-adds (millions)", ylabel="latency (ms)")
    right.set_yticks(range(len(QUANTITIES)), list(QUANTITIES.values()))
    right.invert_yaxis()
    right.set_xlim(right=1.0)
    right.set_xlabel("Spearman's correlation with latency")
    drawn.legend(loc="outside upper center", ncols=3)
    return drawn


def write(told: dict[str, Any], results: Path) -> list[Path]:
    """`latency.json`, `tables/latency*.*`, `figures/latency.*` and, where the claim was judged,
    `verdicts/latency.json`.

    Another number of threads than 1 has files of its own ("latency-2-threads").

    Raises:
        Problem: the folder cannot be written to.
    """
    from analysis.render.style import style, write_figure

    threads = told["conditions"]["threads"]
    stem = "latency" if threads == 1 else f"latency-{threads}-threads"
    paths = [write_whole(results / f"{stem}.json", _json(told))]
    for table, suffix in zip(tables(told), ("", "-correlations", "-pairs"), strict=True):
        paths += table.write(results / "tables" / f"{stem}{suffix}")
    with style(columns=2, aspect=0.45):
        paths += write_figure(figure(told), results / "figures" / stem)
    if told["verdict"]:
        paths.append(write_whole(results / "verdicts" / f"{stem}.json", _json([told["verdict"]])))
    return paths


def line(told: dict[str, Any]) -> str:
    """The verdict in one line, or why there is none."""
    if not told["verdict"]:
        return f"not judged: the rule is for one thread and all {NETWORKS} networks"
    verdict = Verdict(**{("claim" if k == "id" else k): v for k, v in told["verdict"].items()})
    return f"{verdict.claim}: {verdict.verdict} ({verdict.why})"


def _times(told: dict[str, Any], runtime: str) -> list[dict[str, Any]]:
    return [row["latency"][runtime] for row in told["networks"]]


def _cells(time: dict[str, Any]) -> tuple[float, str]:
    return time["median"], f"{time['low']:.2f} to {time['high']:.2f}"


def _json(value: Any) -> bytes:
    return (json.dumps(value, indent=1) + "\n").encode()
