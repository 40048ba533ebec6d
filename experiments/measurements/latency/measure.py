"""The clock: one image through each of the published networks, in interleaved turns."""

import os
from collections.abc import Callable

import torch

from analysis.arch import unroll
from analysis.environment import environment
from analysis.nn import build, initialise
from analysis.nn.export import onnx_model
from analysis.nn.fold import fold
from analysis.nn.latency import latencies, runs_eager, runs_onnx_runtime
from analysis.nn.settle import settle
from experiments.measurements.latency.rows import Measured, Row, variant


def measure(networks: list[Row], runtimes: tuple[str, ...], threads: int, rounds: int, seconds: float) -> Measured:
    """The networks with their `latency` in each runtime, for one image, from turns of so many seconds.

    Networks are untrained, their norms set from noise and folded. The resolutions of a width share their weights.

    Raises:
        Problem: ONNX Runtime is asked for and the extra `export` is not installed.
    """
    load = os.getloadavg()[0]
    torch.set_num_threads(threads)
    results = latencies(contestants(networks, runtimes, threads), rounds, seconds)
    timed = [
        row | {"latency": {name: results[f"{row['network']} {name}"]._asdict() for name in runtimes}}
        for row in networks
    ]
    turns = {"threads": threads, "rounds": rounds, "seconds": seconds, "load": load}
    return Measured(timed, {"batch": 1, "norms": "folded", **turns}, environment())


def contestants(networks: list[Row], runtimes: tuple[str, ...], threads: int) -> dict[str, Callable[[], object]]:
    """A function for each network and runtime that does one image."""
    made: dict[str, Callable[[], object]] = {}
    for width in dict.fromkeys(row["width"] for row in networks):
        alike = [row for row in networks if row["width"] == width]
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
