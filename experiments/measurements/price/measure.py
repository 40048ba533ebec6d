"""The clock: one image through every network of the price list, in interleaved turns."""

import os
from collections.abc import Callable

import torch

from analysis.arch import Variant, unroll
from analysis.environment import environment
from analysis.nn import build, initialise
from analysis.nn.export import onnx_model
from analysis.nn.fold import fold
from analysis.nn.latency import latencies, runs_eager, runs_onnx_runtime
from analysis.nn.settle import settle
from experiments.measurements.price.parts import parts
from experiments.measurements.price.rows import Timed


def measure(runtime: str, rounds: int, seconds: float) -> Timed:
    """Time every network once a round for so many `seconds`, on one thread. `runtime`: "onnxruntime" or "eager".

    Raises:
        Problem: ONNX Runtime is asked for and the extra `export` is not installed.
    """
    load = os.getloadavg()[0]
    torch.set_num_threads(1)
    networks = {variant.text: variant for part in parts() for pair in part.variants for variant in pair}
    found = latencies({text: _runs(variant, runtime) for text, variant in networks.items()}, rounds, seconds)
    conditions = {"runtime": runtime, "batch": 1, "threads": 1, "rounds": rounds, "seconds": seconds, "load": load}
    return Timed({text: each._asdict() for text, each in found.items()}, conditions, environment())


def _runs(variant: Variant, runtime: str) -> Callable[[], object]:
    network = build(unroll(variant))
    initialise(network, 0)
    folded = fold(settle(network))
    if runtime == "eager":
        return runs_eager(folded)
    return runs_onnx_runtime(onnx_model(folded), network.plan.image, 1)
