"""Which operations of a network the fused backend leaves to torch's own operators, seen while it runs."""

from collections.abc import Callable

import torch
from torch import nn

from analysis.arch.plan import Operation, Plan
from analysis.nn.fused.load import load_kernels
from analysis.nn.fused.network import FusedNetwork
from analysis.problem import Problem


def left_to_torch(plan: Plan) -> tuple[Operation, ...]:
    """The operations of the Plan, in order, that no fused kernel runs in a training step.

    A kernel takes its weights from an operation's module and does not call it. What is called runs by torch.

    Raises:
        Problem: this machine has no kernels.
    """
    if reason := load_kernels():
        raise Problem(f"the fused backend does not run here: {reason}")
    network = FusedNetwork(plan).train()
    called: set[str] = set()

    def note(name: str) -> Callable[[nn.Module, object], None]:
        return lambda module, inputs: called.add(name)

    for op in plan.operations:
        network.get_submodule(op.name).register_forward_pre_hook(note(op.name))
    with torch.random.fork_rng(devices=[]):
        network(torch.zeros(2, *plan.image).to(memory_format=torch.channels_last))
    return tuple(op for op in plan.operations if op.name in called)
