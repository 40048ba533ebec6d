"""Memory and clock: a network with its inner tensors split, run on this machine."""

import os

import torch

from analysis.arch import Variant, preset, unroll
from analysis.cost.memory import memory
from analysis.environment import environment
from analysis.nn import build, initialise
from analysis.nn.latency import latencies, runs_eager
from analysis.nn.settle import settle
from analysis.nn.split import split
from analysis.nn.tracker import track
from analysis.problem import Problem
from experiments.measurements.splitting.rows import Measured
from experiments.measurements.splitting.rule import FURTHER, SMALL

NETWORK = preset("imagenet")
WAYS = (1, 2, 3, 4, SMALL, *FURTHER)


def measure(variant: Variant, ways: tuple[int, ...], rounds: int, seconds: float) -> Measured:
    """For each g the live bytes at the peak, by the Plan (`planned`) and of the running module (`measured`), and the
    milliseconds of an image in each of the rounds. A turn takes `seconds` seconds.

    Raises:
        Problem: fewer than two rounds, turns of no time, more ways than a block has inner channels, or no block that
            splits.
    """
    if rounds < 2 or seconds <= 0:
        raise Problem("--rounds is at least 2, --seconds above 0")
    load = os.getloadavg()[0]
    torch.set_num_threads(1)
    network = build(unroll(variant))
    initialise(network, 0)
    networks = {g: split(settle(network), g) for g in ways}
    image = torch.randn(1, *network.plan.image).to(memory_format=torch.channels_last)
    timed = latencies({str(g): runs_eager(each) for g, each in networks.items()}, rounds, seconds)
    rows = [
        {
            "ways": g,
            "planned": memory(unroll(variant), "split", 32, g).peak.bytes,
            "measured": track(each.eval(), image).peak.bytes,
            "ms": list(timed[str(g)].turns),
        }
        for g, each in networks.items()
    ]
    conditions = {"batch": 1, "threads": 1, "norms": "folded", "rounds": rounds, "seconds": seconds, "load": load}
    return Measured(variant.text, conditions, environment(), rows)
