"""How long a network takes for one image, measured so that a busy moment of the machine hits all networks alike."""

import gc
import random
import statistics
import time
from collections.abc import Callable, Mapping
from typing import NamedTuple

import torch

from analysis.arch import Variant, unroll
from analysis.nn.backend import build
from analysis.nn.export import onnx_model, session
from analysis.nn.fold import fold
from analysis.nn.initialise import initialise
from analysis.nn.network import Network
from analysis.nn.settle import settle


class Latency(NamedTuple):
    """Milliseconds for one image: the median of the turns' medians, their quartiles, every turn's median in order."""

    median: float
    low: float
    high: float
    turns: tuple[float, ...]


def latencies(contestants: Mapping[str, Callable[[], object]], rounds: int, seconds: float) -> dict[str, Latency]:
    """Latency of each contestant, a function that does one image.

    In each of `rounds` rounds every contestant has a turn, in an order drawn anew: two calls to warm up, then at least
    three that count, until `seconds` are over. The garbage collector rests during a turn.
    """
    order, draw = list(contestants), random.Random(0)
    turns: dict[str, list[float]] = {name: [] for name in contestants}
    for _ in range(rounds):
        draw.shuffle(order)
        for name in order:
            turns[name].append(statistics.median(_turn(contestants[name], seconds)) * 1e3)
    return {name: _summary(values) for name, values in turns.items()}


def runs(variant: Variant, runtime: str) -> Callable[[], object]:
    """One image through an untrained network of `variant`, its norms set from noise and folded, on one thread.

    `runtime`: "eager", by torch's operators, or "onnxruntime".

    Raises:
        Problem: ONNX Runtime is asked for and not installed.
    """
    network = build(unroll(variant))
    initialise(network, 0)
    folded = fold(settle(network))
    if runtime == "eager":
        return runs_eager(folded)
    return runs_onnx_runtime(onnx_model(folded), network.plan.image, 1)


def runs_eager(network: Network) -> Callable[[], object]:
    """One image through the network by torch's operators, channels last, with torch's thread count."""
    image = torch.randn(1, *network.plan.image, generator=torch.Generator().manual_seed(0))
    image = image.to(memory_format=torch.channels_last)
    network.eval()

    def run() -> object:
        with torch.inference_mode():
            return network(image)

    return run


def runs_onnx_runtime(model: bytes, image: tuple[int, int, int], threads: int) -> Callable[[], object]:
    """One (C, H, W) image through an ONNX model of any resolution, fixed to this one, by ONNX Runtime.

    Raises:
        Problem: ONNX Runtime is not installed.
    """
    asked = session(model, threads, {"batch": 1, "height": image[1], "width": image[2]})
    feed = {"image": torch.randn(1, *image, generator=torch.Generator().manual_seed(0)).numpy()}
    return lambda: asked.run(None, feed)


def _turn(work: Callable[[], object], seconds: float) -> list[float]:
    for _ in range(2):
        work()
    times: list[float] = []
    gc.collect()
    gc.disable()
    try:
        started = time.perf_counter()
        while len(times) < 3 or time.perf_counter() - started < seconds:
            before = time.perf_counter()
            work()
            times.append(time.perf_counter() - before)
    finally:
        gc.enable()
    return times


def _summary(turns: list[float]) -> Latency:
    low, median, high = statistics.quantiles(turns, n=4, method="inclusive") if len(turns) > 1 else turns * 3
    return Latency(median, low, high, tuple(turns))
