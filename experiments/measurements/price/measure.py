"""The clock: one image through every network of the price list, in interleaved turns."""

import os

import torch

from analysis.environment import environment
from analysis.nn.latency import latencies, runs
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
    found = latencies({text: runs(variant, runtime) for text, variant in networks.items()}, rounds, seconds)
    conditions = {"runtime": runtime, "batch": 1, "threads": 1, "rounds": rounds, "seconds": seconds, "load": load}
    return Timed({text: each._asdict() for text, each in found.items()}, conditions, environment())
