"""The choice of what runs a Plan: torch's own operators, the fused kernels, or graphs of captured steps."""

import logging

import torch

from analysis.arch.plan import Plan
from analysis.arch.text import known
from analysis.nn.fused.load import load_kernels
from analysis.nn.fused.network import FusedNetwork
from analysis.nn.network import Network
from analysis.problem import Problem

BACKENDS = ("eager", "fused", "captured", "auto")
CPU = torch.device("cpu")

log = logging.getLogger(__name__)


def build(plan: Plan, backend: str = "eager", device: torch.device = CPU) -> Network:
    """The module of a Plan on `device` with torch's default weights (see `initialise`), channels last in memory.

    Backends:

    - "eager": torch's own operators.
    - "fused": the kernels of `analysis.nn.fused`, which are for CPUs, or eager after a warning where there are none.
    - "captured": torch's own operators, a whole training step of which is one CUDA graph (`analysis.training.step`).
    - "auto": on a CPU fused where the kernels compile and agree with torch, on a CUDA device captured, else eager
      without a warning.

    Raises:
        Problem: an unknown backend, or "captured" on another device than a CUDA one.
    """
    chosen = resolved(backend, device)
    network = FusedNetwork(plan) if chosen == "fused" else Network(plan)
    if backend == "fused" and chosen == "eager":
        log.warning("no fused kernels, eager runs: %s", load_kernels() if device.type == "cpu" else "they are for CPUs")
    network.backend = chosen
    return network.to(device, memory_format=torch.channels_last)  # pyright: ignore[reportCallIssue] (not in torch's stubs)


def resolved(backend: str, device: torch.device = CPU) -> str:
    """What `build` makes of a backend's name on this machine: "eager", "fused" or "captured".

    Raises:
        Problem: an unknown backend, or "captured" on another device than a CUDA one.
    """
    known(backend, BACKENDS, "backend")
    if backend == "captured" and device.type != "cuda":
        raise Problem(f"steps are captured on CUDA devices, not on {device.type}: name another --backend, or auto")
    if backend == "eager":
        return "eager"
    if device.type == "cuda":
        return "eager" if backend == "fused" else "captured"
    return "eager" if device.type != "cpu" or load_kernels() else "fused"
