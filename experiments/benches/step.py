"""What a training step could reach on this machine, and where its time goes, in processor time."""

import statistics
import time
from typing import Any

from analysis.arch import preset, unroll
from analysis.cost import count
from experiments.benches.train import CASES, training


def matrix_peaks(seconds: float = 0.5) -> dict[str, float]:
    """Multiply-adds a second of processor time, in 1e9, of torch's product of two square matrices on one thread, by
    type: the fastest of sizes that fit the second-level cache and that do not. For bfloat16 torch calls oneDNN, which
    uses the processor's bfloat16 products where it has them."""
    import torch

    torch.set_num_threads(1)
    peaks = {}
    for name, type_ in (("float32", torch.float32), ("bfloat16", torch.bfloat16)):
        rates = []
        for size in (256, 512, 1024):
            a, deadline = torch.randn(size, size).to(type_), time.perf_counter() + seconds / 3
            while len(rates) < 3 or time.perf_counter() < deadline:
                started = time.thread_time()
                torch.mm(a, a)
                rates.append(size**3 / 1e9 / (time.thread_time() - started))
        peaks[name] = max(rates)
    return peaks


def training_madds(case: str) -> int:
    """Multiply-adds of a training step for one image: forward, gradient of inputs, gradient of weights."""
    name, width = CASES[case]
    return 3 * count(unroll(preset(name, width=width))).madds


def time_by_operator(case: str, steps: int = 5) -> dict[str, float]:
    """Milliseconds of processor time of one fused step on one thread by operator, longest first, each the median of
    `steps`; "else" is Python and the engine."""
    import torch
    from torch.utils._python_dispatch import TorchDispatchMode

    class Watch(TorchDispatchMode):
        """Adds up the time of each operator."""

        def __init__(self) -> None:
            super().__init__()
            self.times: dict[str, float] = {}

        def __torch_dispatch__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
            started = time.thread_time()
            result = func(*args, **(kwargs or {}))
            name = func.name().removeprefix("mnv2::") if func.namespace == "mnv2" else "torch's operators"
            self.times[name] = self.times.get(name, 0.0) + 1e3 * (time.thread_time() - started)
            return result

    torch.set_num_threads(1)
    training_steps = training("fused", *CASES[case])
    next(training_steps)
    totals, watched = [], []
    for _ in range(steps):
        started = time.thread_time()
        next(training_steps)
        totals.append(1e3 * (time.thread_time() - started))
    for _ in range(steps):
        with Watch() as watch:
            next(training_steps)
        watched.append(watch.times)
    times = {name: statistics.median(step[name] for step in watched) for name in watched[0]}
    times = dict(sorted(times.items(), key=lambda item: -item[1]))
    return times | {"else": max(0.0, statistics.median(totals) - sum(times.values()))}
