"""What splitting the inner tensors costs and saves: peak memory and time of a running network against g.

    mnv2 bench split

The rule for the claim `memory-split-speed` is in `experiments.measurements.splitting.rule`.
"""

import json
import os
import sys
from math import exp
from pathlib import Path
from typing import TYPE_CHECKING, Any

from analysis.arch import Variant, preset, unroll
from analysis.cost.memory import memory
from analysis.files import write_whole
from analysis.problem import Problem
from analysis.render.table import Table
from experiments.measurements.splitting.rule import FURTHER, ROUNDS, SMALL, judge, slower

if TYPE_CHECKING:
    from matplotlib.figure import Figure

NETWORK = preset("imagenet")
WAYS = (1, 2, 3, 4, SMALL, *FURTHER)
Row = dict[str, Any]


def split_speed(rounds: int = 25, seconds: float = 0.4, results: Path = Path("results")) -> None:
    """Run MobileNetV2 with its inner tensors split g ways: live bytes at the peak, time of an image, beside g = 1.

    One thread, norms folded. Writes JSON, a table, a figure, and, from 20 rounds on, the verdict on memory-split-speed.
    Takes about two minutes, and means little on a machine that does anything else.

    Args:
        rounds: times that every g has its turn.
        seconds: of a turn.
        results: folder to write to.

    Raises:
        Problem: fewer than two rounds, or turns of no time.
    """
    from analysis.environment import environment, processor

    if rounds < 2 or seconds <= 0:
        raise Problem("--rounds is at least 2, --seconds above 0")
    load = os.getloadavg()[0]
    found = measure(NETWORK, WAYS, rounds, seconds)
    conditions = {"batch": 1, "threads": 1, "norms": "folded", "rounds": rounds, "seconds": seconds, "load": load}
    where = f"100 ln(time at g / time at {SMALL}); MobileNetV2 at 224, eager torch, one thread of {processor()}"
    told = {
        "network": NETWORK.text,
        "conditions": conditions,
        "environment": environment(),
        "ways": found,
        "verdict": judge(times(found), where).row() if rounds >= ROUNDS else None,
    }
    print(table(told).markdown())
    if told["verdict"]:
        print(f"{told['verdict']['id']}: {told['verdict']['verdict']} ({told['verdict']['why']})")
    else:
        print(f"not judged: the rule wants {ROUNDS} rounds", file=sys.stderr)
    print("\n".join(map(str, write(told, results))))


def measure(variant: Variant, ways: tuple[int, ...], rounds: int, seconds: float) -> list[Row]:
    """For each g the live bytes at the peak, by the Plan (`planned`) and of the running module (`measured`), and the
    milliseconds of an image in each of the rounds; a turn takes `seconds` seconds.

    Raises:
        Problem: more ways than a block has inner channels, or no block that splits.
    """
    import torch

    from analysis.nn import build, initialise
    from analysis.nn.latency import latencies, runs_eager
    from analysis.nn.settle import settle
    from analysis.nn.split import split
    from analysis.nn.tracker import track

    torch.set_num_threads(1)
    network = build(unroll(variant))
    initialise(network, 0)
    networks = {g: split(settle(network), g) for g in ways}
    image = torch.randn(1, *network.plan.image).to(memory_format=torch.channels_last)
    timed = latencies({str(g): runs_eager(each) for g, each in networks.items()}, rounds, seconds)
    return [
        {
            "ways": g,
            "planned": memory(unroll(variant), "split", 32, g).peak.bytes,
            "measured": track(each.eval(), image).peak.bytes,
            "ms": list(timed[str(g)].turns),
        }
        for g, each in networks.items()
    ]


def times(found: list[Row]) -> dict[int, list[float]]:
    """Ways -> milliseconds of each round."""
    return {row["ways"]: row["ms"] for row in found}


def table(told: dict[str, Any]) -> Table:
    """A row for each g."""
    from statistics import median

    found, rows = times(told["ways"]), []
    for row in told["ways"]:
        d = slower(found, row["ways"], 1) if row["ways"] > 1 else None
        cells = (d.mean, d.low, d.high) if d else (None, None, None)
        rows.append((row["ways"], row["measured"], row["planned"], median(row["ms"]), *cells))
    conditions = told["conditions"]
    note = (
        f"MobileNetV2 at 224, one image, {conditions['threads']} thread of {told['environment']['processor']}, eager "
        f"torch, norms folded, {conditions['rounds']} interleaved rounds. `slower`: 100 ln(time / time at 1 way), "
        "paired by round, with its 95 % t interval."
    )
    columns = ("ways", "peak measured (bytes)", "peak by the Plan (bytes)", "median (ms)", "slower", "low", "high")
    return Table("What splitting the inner tensors saves and costs", columns, rows, (note,))


def figure(told: dict[str, Any]) -> "Figure":
    """Peak memory and relative time against g; a dot a round, the geometric mean with its 95 % t interval."""
    import matplotlib.pyplot as plt

    from analysis.render.style import COLOURS

    drawn, (left, right) = plt.subplots(1, 2)
    found, ways = times(told["ways"]), [row["ways"] for row in told["ways"]]
    left.plot(ways, [row["measured"] / 1e6 for row in told["ways"]], "o-", ms=4, color=COLOURS[0], label="measured")
    left.plot(ways, [row["planned"] / 1e6 for row in told["ways"]], "x", ms=6, color=COLOURS[1], label="by the Plan")
    left.set(ylabel="peak of live activations (MB)", ylim=(0, None))
    left.legend()
    for g in ways[1:]:
        ratios = [a / b for a, b in zip(found[g], found[1], strict=True)]
        right.plot([g] * len(ratios), ratios, "o", ms=2.5, color=COLOURS[0], alpha=0.35)
        d = slower(found, g, 1)
        low, mean, high = (exp(value / 100) for value in (d.low, d.mean, d.high))
        right.errorbar(g * 1.06, mean, [[mean - low], [high - mean]], fmt="s", ms=4, capsize=2.5, color=COLOURS[1])
    right.axhline(1, color="#888888", lw=0.8)
    right.set_ylabel("time / time unsplit")
    for axes in (left, right):
        axes.set(xscale="log", xlabel="ways (g)")
        axes.set_xticks(ways, [str(g) for g in ways])
        axes.minorticks_off()
    drawn.suptitle(f"MobileNetV2 at 224, inner tensors split: n = {told['conditions']['rounds']} rounds")
    return drawn


def write(told: dict[str, Any], results: Path) -> list[Path]:
    """`splitting.json`, `tables/splitting.*`, `figures/splitting.*` and, where the claim was judged,
    `verdicts/splitting.json`.

    Raises:
        Problem: the folder cannot be written to.
    """
    from analysis.render.style import style, write_figure

    paths = [write_whole(results / "splitting.json", _json(told)), *table(told).write(results / "tables" / "splitting")]
    with style(columns=2, aspect=0.4):
        paths += write_figure(figure(told), results / "figures" / "splitting")
    if told["verdict"]:
        paths.append(write_whole(results / "verdicts" / "splitting.json", _json([told["verdict"]])))
    return paths


def _json(value: Any) -> bytes:
    return (json.dumps(value, indent=1) + "\n").encode()
