"""How fast a Plan is counted, against the tools that count a built module.

    mnv2 bench count

Rounds are interleaved: in each, every contestant has its turn. Ours unrolls and counts 100 different variants from
empty caches: 20 widths at 5 resolutions, which share few blocks, and 100 widths at one resolution, which share more.
The others are given the module of width 1, already built, as they cannot start from less.
"""

import gc
import statistics
import sys
import time
from collections.abc import Callable
from itertools import product
from typing import Any

from analysis.arch import preset, unroll
from analysis.arch.mobilenet_v2 import MobileNetV2
from analysis.cost import count
from analysis.environment import environment
from analysis.nn import build
from analysis.nn.crosscheck import TOOLS as ASK

WIDTHS = tuple(0.3 + 0.06 * i for i in range(20))
RESOLUTIONS = (96, 128, 160, 192, 224)
GRID, LINE = "20 widths x 5 resolutions", "100 widths"
REPEATS = 5  # in a row: a turn of some 50 ms, as the others take
TOOLS = ("fvcore", "ptflops", "ptflops-aten", "torch")


def grid() -> list[MobileNetV2]:
    """100 different variants: 20 widths at the paper's 5 resolutions."""
    return [preset("imagenet", width=w, resolution=r) for w, r in product(WIDTHS, RESOLUTIONS)]


def line() -> list[MobileNetV2]:
    """100 different variants: the paper's range of widths at its resolution of 224."""
    return [preset("imagenet", width=0.35 + 0.0105 * i) for i in range(100)]


def forget() -> None:
    """Empty the caches of unrolling and counting."""
    for name, module in list(sys.modules.items()):
        if name.startswith(("analysis.arch", "analysis.cost")):
            for value in list(vars(module).values()):
                if hasattr(value, "cache_clear"):
                    value.cache_clear()


def seconds(work: Callable[[], Any]) -> float:
    """Wall-clock seconds of `work`, garbage collection off as in the timeit module."""
    gc.collect()
    gc.disable()
    try:
        start = time.perf_counter()
        work()
        return time.perf_counter() - start
    finally:
        gc.enable()


def measure(rounds: int) -> dict[str, list[float]]:
    """Seconds a variant of each contestant, round by round."""
    import torch

    torch.set_num_threads(1)
    sets = {GRID: grid(), LINE: line()}
    image = torch.zeros(1, 3, 224, 224)
    times: dict[str, list[float]] = {name: [] for name in (*sets, *TOOLS)}
    gc.freeze()  # or each collection walks all of torch and fills the processor's caches with it

    for _ in range(rounds):
        for name, variants in sets.items():
            for _ in range(REPEATS):
                forget()
                took = seconds(lambda variants=variants: [count(unroll(v)) for v in variants])
                times[name].append(took / len(variants))
        for tool in TOOLS:
            network = build(unroll(preset("imagenet"))).eval()
            with torch.no_grad():
                times[tool].append(seconds(lambda tool=tool, network=network: ASK[tool][1](network, image)))
    return times


def summary(times: dict[str, list[float]]) -> list[dict[str, Any]]:
    """Median, range and ratio to the Plan over the grid of each contestant."""
    base = statistics.median(times[GRID])
    return [
        {
            "contestant": name,
            "median_us": statistics.median(values) * 1e6,
            "lowest_us": min(values) * 1e6,
            "highest_us": max(values) * 1e6,
            "ratio": statistics.median(values) / base,
        }
        for name, values in times.items()
    ]


def count_speed(rounds: int = 7, json: bool = False) -> None:
    """Time a variant in so many rounds and print it, as JSON with `json`: the Plan with its counts, against fvcore,
    ptflops and torch's counter."""
    import json as jsonlib

    rows = summary(measure(rounds))
    if json:
        print(jsonlib.dumps({"rounds": rounds, "rows": rows, "environment": environment()}, indent=2))
        return
    print(f"microseconds a variant, median [range] of {rounds} interleaved rounds")
    for row in rows:
        name = row["contestant"] if row["contestant"] in TOOLS else f"Plan and counts, {row['contestant']}"
        print(
            f"  {name:42} {row['median_us']:12,.1f} [{row['lowest_us']:,.1f}, {row['highest_us']:,.1f}]"
            f"   {row['ratio']:10,.1f} x"
        )
    for row in rows[:2]:
        print(f"100 variants from empty caches, {row['contestant']}: {row['median_us'] / 10:.1f} ms")
