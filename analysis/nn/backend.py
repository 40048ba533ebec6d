"""The choice of what runs a Plan: torch's own operators or the fused kernels."""

import torch

from analysis.arch.plan import Plan
from analysis.arch.text import known
from analysis.nn.network import Network

BACKENDS = ("eager", "fused", "auto")


def build(plan: Plan, backend: str = "eager") -> Network:
    """The module of a Plan with torch's default weights (see `initialise`), channels last in memory.

    Backends: "eager", torch's own operators; "fused", the kernels of `analysis.nn.fused`, or eager behind a warning
    where they cannot be had; "auto", fused where they compile and agree with torch, else eager without a word.

    Raises:
        Problem: an unknown backend.
    """
    known(backend, BACKENDS, "backend")
    if backend != "eager":
        from analysis.nn.fused import fused_network  # a compiler may run

        network = fused_network(plan, quiet=backend == "auto")
    else:
        network = Network(plan)
    return network.to(memory_format=torch.channels_last)  # pyright: ignore[reportCallIssue] (not in torch's stubs)


def resolved(backend: str) -> str:
    """What `build` makes of a backend's name on this machine: "eager" or "fused".

    Raises:
        Problem: an unknown backend.
    """
    if known(backend, BACKENDS, "backend") == "eager":
        return backend
    from analysis.nn.fused.build import load_kernels

    return "eager" if load_kernels() else "fused"
