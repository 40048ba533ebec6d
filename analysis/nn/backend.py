"""The choice of what runs a Plan: torch's own operators or the fused kernels."""

import logging

import torch

from analysis.arch.plan import Plan
from analysis.arch.text import known
from analysis.nn.fused.load import load_kernels
from analysis.nn.fused.network import FusedNetwork
from analysis.nn.network import Network

BACKENDS = ("eager", "fused", "auto")

log = logging.getLogger(__name__)


def build(plan: Plan, backend: str = "eager") -> Network:
    """The module of a Plan with torch's default weights (see `initialise`), channels last in memory.

    Backends:

    - "eager": torch's own operators.
    - "fused": the kernels of `analysis.nn.fused`, or eager after a warning where there are none.
    - "auto": fused where the kernels compile and agree with torch, else eager without a warning.

    Raises:
        Problem: an unknown backend.
    """
    network = FusedNetwork(plan) if resolved(backend) == "fused" else Network(plan)
    if backend == "fused" and network.backend == "eager":
        log.warning("no fused kernels, eager runs: %s", load_kernels())
    return network.to(memory_format=torch.channels_last)  # pyright: ignore[reportCallIssue] (not in torch's stubs)


def resolved(backend: str) -> str:
    """What `build` makes of a backend's name on this machine: "eager" or "fused".

    Raises:
        Problem: an unknown backend.
    """
    return "eager" if known(backend, BACKENDS, "backend") == "eager" or load_kernels() else "fused"
