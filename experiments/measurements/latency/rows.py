"""The published checkpoints with what they cost, how long they took, and what that says of the order of networks."""

import json
from collections.abc import Mapping
from itertools import combinations
from pathlib import Path
from typing import Any, NamedTuple

from analysis.arch import Variant, preset, unroll
from analysis.cost import count
from analysis.cost.memory import memory
from analysis.problem import Problem
from analysis.reference import table
from analysis.stats import RankCorrelation, rank_correlation
from experiments.measurements.latency.rule import level

# Field of a row -> the quantity that it is (`analysis.render.quantities`).
COSTS = {"madds": "madds", "params": "params", "memory": "folded", "pixel1_ms": "pixel1"}
Row = dict[str, Any]


class Measured(NamedTuple):
    """Latencies with their conditions.

    - `networks`: rows of `published` with `latency`: runtime -> `median`, `low`, `high` and `turns` in milliseconds.
    - `conditions`: `batch`, `norms`, `threads`, `rounds`, `seconds` (of a turn), `load` (of the machine before).
    - `environment`: as `analysis.environment.environment`.
    """

    networks: list[Row]
    conditions: Mapping[str, Any]
    environment: Mapping[str, Any]

    @property
    def runtimes(self) -> list[str]:
        """Names of the runtimes."""
        return list(self.networks[0]["latency"])

    @property
    def stem(self) -> str:
        """Name of its files. Other numbers of threads than 1 have files of their own."""
        threads = self.conditions["threads"]
        return "latency" if threads == 1 else f"latency-{threads}-threads"

    def times(self, runtime: str) -> list[dict[str, Any]]:
        """The latency of each network in milliseconds, in the order of the networks."""
        return [row["latency"][runtime] for row in self.networks]


def published() -> list[Row]:
    """The published checkpoints with what they cost: MAdds, parameters, bytes at the peak of folded inference (32
    bit), and the milliseconds that were published for one large core of a Pixel 1."""
    found = []
    for printed in table("slim_mobilenet_v2"):
        plan = unroll(variant(printed))
        costs = count(plan)
        found.append(
            {
                "network": printed["checkpoint"].removeprefix("mobilenet_v2_"),
                "width": float(printed["width"]),
                "resolution": int(printed["resolution"]),
                "madds": costs.madds,
                "params": costs.params,
                "memory": memory(plan, "folded").peak.bytes,
                "pixel1_ms": float(printed["pixel1_cpu_ms"]),
            }
        )
    return found


def variant(row: Mapping[str, Any]) -> Variant:
    """The network of a row."""
    return preset("imagenet", width=float(row["width"]), resolution=int(row["resolution"]))


def stored(results: Path) -> list[Measured]:
    """What was measured, one for each number of threads.

    Raises:
        Problem: a file is damaged.
    """
    found = []
    for path in sorted(results.glob("latency*.json")):
        try:
            whole = json.loads(path.read_text())
            found.append(Measured(whole["networks"], whole["conditions"], whole["environment"]))
        except (OSError, ValueError, TypeError, KeyError) as error:
            raise Problem(f"{path} is damaged ({error}): delete it, or make it again by mnv2 latency") from error
    return found


def correlations(measured: Measured, runtime: str) -> dict[str, RankCorrelation]:
    """Spearman's correlation of the runtime's medians with each of COSTS. Intervals hold together over the runtimes.

    Raises:
        Problem: fewer than five networks.
    """
    times = [time["median"] for time in measured.times(runtime)]
    together = level(len(measured.runtimes))
    return {name: rank_correlation(times, [row[name] for row in measured.networks], together) for name in COSTS}


def disagreements(networks: list[Row], runtime: str, most: int = 5) -> list[Row]:
    """The pairs that multiply-adds put in the wrong order, those furthest apart first.

    A row: `fewer` and `more` multiply-adds, `madds` as the ratio more to fewer, `latency` as the ratio fewer to more.
    Both are above 1. Pairs are sorted by their product.
    """
    found = []
    for a, b in combinations(networks, 2):
        fewer, more = sorted((a, b), key=lambda row: row["madds"])
        ratio = fewer["latency"][runtime]["median"] / more["latency"][runtime]["median"]
        if ratio > 1 and more["madds"] > fewer["madds"]:
            found.append(
                {
                    "runtime": runtime,
                    "fewer": fewer["network"],
                    "more": more["network"],
                    "madds": more["madds"] / fewer["madds"],
                    "latency": ratio,
                }
            )
    return sorted(found, key=lambda pair: -pair["madds"] * pair["latency"])[:most]
