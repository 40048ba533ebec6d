"""How fast a Plan is counted, beside the tools that count a built module.

    mnv2 bench count

Rounds are interleaved: in each, every contestant has its turn. Ours unrolls and counts 100 different variants from
empty caches; the others are given one variant's module, already built, as they cannot start from less.
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

WIDTHS = tuple(0.3 + 0.06 * i for i in range(20))
RESOLUTIONS = (96, 128, 160, 192, 224)
TOOLS = ("fvcore", "ptflops", "ptflops-aten", "torch")


def variants() -> list[MobileNetV2]:
    """100 different ones: 20 widths at the paper's 5 resolutions."""
    return [preset("imagenet", width=w, resolution=r) for w, r in product(WIDTHS, RESOLUTIONS)]


def forget() -> None:
    """Empty the caches of unrolling and counting."""
    for name, module in list(sys.modules.items()):
        if name.startswith(("analysis.arch", "analysis.cost")):
            for value in list(vars(module).values()):
                if hasattr(value, "cache_clear"):
                    value.cache_clear()


def seconds(work: Callable[[], Any]) -> float:
    """Wall-clock time of `work`, garbage collection off as in the timeit module."""
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

    from analysis.nn import build
    from analysis.nn.crosscheck import TOOLS as ASK

    torch.set_num_threads(1)
    asked = variants()
    image = torch.zeros(1, 3, 224, 224)
    times: dict[str, list[float]] = {name: [] for name in ("empty caches", "bodies known", *TOOLS)}

    def ours() -> None:
        for variant in asked:
            count(unroll(variant))

    for _ in range(rounds):
        forget()
        times["empty caches"].append(seconds(ours) / len(asked))
        unroll.cache_clear()
        times["bodies known"].append(seconds(ours) / len(asked))
        for tool in TOOLS:
            network = build(unroll(preset("imagenet"))).eval()
            with torch.no_grad():
                times[tool].append(seconds(lambda tool=tool, network=network: ASK[tool][1](network, image)))
    return times


def summary(times: dict[str, list[float]]) -> list[dict[str, Any]]:
    """Median, range and ratio to the Plan from empty caches of each contestant."""
    base = statistics.median(times["empty caches"])
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
    """Time a variant: the Plan with its counts, against fvcore, ptflops and torch's counter.

    Args:
        rounds: times that every contestant has its turn.
        json: print JSON.
    """
    import json as jsonlib

    from analysis.environment import environment

    rows = summary(measure(rounds))
    if json:
        print(jsonlib.dumps({"rounds": rounds, "rows": rows, "environment": environment()}, indent=2))
        return
    print(f"microseconds a variant, median [range] of {rounds} interleaved rounds")
    for row in rows:
        name = row["contestant"] if row["contestant"] in TOOLS else f"Plan and counts, {row['contestant']}"
        print(
            f"  {name:32} {row['median_us']:12,.1f} [{row['lowest_us']:,.1f}, {row['highest_us']:,.1f}]"
            f"   {row['ratio']:10,.1f} x"
        )
    print(f"100 variants from empty caches: {rows[0]['median_us'] / 10:.1f} ms")
