"""Does latency follow multiply-adds? The 22 published checkpoints measured here, beside what they cost.

    mnv2 latency

The rule for the claim `latency-follows-madds` is in `experiments.measurements.latency.rule`.
"""

from collections.abc import Callable, Mapping
from itertools import combinations
from typing import Any

from analysis.arch import Variant, preset, unroll
from analysis.cost import count
from analysis.cost.memory import memory
from analysis.reference import table
from analysis.stats import RankCorrelation, rank_correlation
from experiments.measurements.latency.rule import level

QUANTITIES = {
    "madds": "MAdds",
    "params": "parameters",
    "memory": "peak memory",
    "pixel1_ms": "Pixel 1 time",
}
Row = dict[str, Any]


def rows() -> list[Row]:
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


def measure(rows: list[Row], runtimes: tuple[str, ...], threads: int, rounds: int, seconds: float) -> list[Row]:
    """The rows with `latency` added: runtime -> milliseconds for one image (`median`, `low`, `high`, `turns`),
    from turns of so many seconds.

    Networks are untrained, their norms set from noise and folded; the resolutions of a width share their weights.

    Raises:
        Problem: ONNX Runtime is asked for and the extra `export` is not installed.
    """
    import torch

    from analysis.nn.latency import latencies

    torch.set_num_threads(threads)
    results = latencies(contestants(rows, runtimes, threads), rounds, seconds)
    return [
        row | {"latency": {name: results[f"{row['network']} {name}"]._asdict() for name in runtimes}} for row in rows
    ]


def contestants(rows: list[Row], runtimes: tuple[str, ...], threads: int) -> dict[str, Callable[[], object]]:
    """A function for each network and runtime that does one image."""
    from analysis.nn import build, initialise
    from analysis.nn.export import onnx_model
    from analysis.nn.fold import fold
    from analysis.nn.latency import runs_eager, runs_onnx_runtime
    from analysis.nn.settle import settle

    made: dict[str, Callable[[], object]] = {}
    for width in dict.fromkeys(row["width"] for row in rows):
        alike = [row for row in rows if row["width"] == width]
        network = build(unroll(variant(min(alike, key=lambda row: row["resolution"]))))
        initialise(network, 0)
        state = settle(network).state_dict()
        model = onnx_model(fold(network), any_resolution=True) if "onnxruntime" in runtimes else b""
        for row in alike:
            network = build(unroll(variant(row)))
            network.load_state_dict(state)
            if "eager" in runtimes:
                made[f"{row['network']} eager"] = runs_eager(fold(network))
            if "onnxruntime" in runtimes:
                image = network.plan.image
                made[f"{row['network']} onnxruntime"] = runs_onnx_runtime(model, image, threads)
    return made


def correlations(rows: list[Row], runtime: str, runtimes: int) -> dict[str, RankCorrelation]:
    """Spearman's correlation of the runtime's medians with each quantity; intervals hold together over the runtimes.

    Raises:
        Problem: fewer than five networks.
    """
    times = [row["latency"][runtime]["median"] for row in rows]
    return {name: rank_correlation(times, [row[name] for row in rows], level(runtimes)) for name in QUANTITIES}


def disagreements(rows: list[Row], runtime: str, most: int = 5) -> list[Row]:
    """The pairs that multiply-adds put in the wrong order, those furthest apart first.

    A row: `fewer` and `more` multiply-adds, `madds` as the ratio more to fewer, `latency` as the ratio fewer to more.
    Both are above 1; sorted by their product.
    """
    found = []
    for a, b in combinations(rows, 2):
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
