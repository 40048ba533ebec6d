"""Initial weights of a network, drawn from a seed and each parameter's own name."""

import hashlib
import math
from collections.abc import Iterator

import torch
from torch import Tensor, nn

from analysis.arch.plan import Norm, Plan
from analysis.arch.text import known

SCHEMES = ("he", "normal_0.001", "zero_last_norm", "orthogonal")


@torch.no_grad()
def initialise(network: nn.Module, seed: int, scheme: str = "he") -> None:
    """Draw the weights of every convolution and linear layer. Norms start as the identity, biases at 0.

    Each weight has a random stream of its own, keyed by `seed` and its name, so that two variants start from the
    same values wherever they share a layer, and torch's global random state is neither read nor moved.

    - "he": normal with variance 2 / fan-out, fan-out = k^2 * output channels / groups (arXiv:1502.01852, eq. 14).
      Linear layers normal with standard deviation 0.01.
    - "normal_0.001": normal with standard deviation 0.001 everywhere.
    - "zero_last_norm": as "he", with the scale of the last norm 0 in each block whose input and output have one shape,
      whether it has a shortcut or not (arXiv:1706.02677, section 5.1, does so in blocks that have one).
    - "orthogonal": each convolution's weights, as a matrix of a row for each output channel, with orthonormal rows or
      columns, whichever are fewer (arXiv:1312.6120, section 3). Linear layers as "he".

    Raises:
        Problem: an unknown scheme.
    """
    known(scheme, SCHEMES, "initialisation")
    small = scheme == "normal_0.001"
    for name, module in network.named_modules():
        match module:
            case nn.Conv2d() if scheme == "orthogonal":
                matrix = torch.empty(module.weight.shape)  # the weights themselves may lie in another order
                module.weight.copy_(nn.init.orthogonal_(matrix, generator=_stream(seed, name)))
            case nn.Conv2d():
                fan_out = math.prod(module.kernel_size) * module.out_channels // module.groups
                _draw(module.weight, 0.001 if small else math.sqrt(2 / fan_out), seed, name)
            case nn.Linear():
                _draw(module.weight, 0.001 if small else 0.01, seed, name)
            case nn.BatchNorm2d() | nn.GroupNorm():
                module.reset_parameters()
                continue
            case _:
                continue
        if module.bias is not None:
            module.bias.zero_()

    if scheme == "zero_last_norm":
        for norm in _last_norms(network):
            nn.init.zeros_(norm.get_parameter("weight"))


def _draw(weight: Tensor, std: float, seed: int, name: str) -> None:
    weight.copy_(torch.randn(weight.shape, generator=_stream(seed, name)) * std)


def _stream(seed: int, name: str) -> torch.Generator:
    digest = hashlib.sha256(f"{seed}:{name}".encode()).digest()
    return torch.Generator().manual_seed(int.from_bytes(digest[:8], "big") >> 1)


def _last_norms(network: nn.Module) -> Iterator[nn.Module]:
    """The last norm of each block of a network whose input and output have one shape."""
    plan = network.plan
    assert isinstance(plan, Plan)
    for block in plan.blocks:
        norms = [op.name for op in block.body.operations if isinstance(op, Norm)]
        if norms and block.body.inputs.get("x") == block.body.shape:
            yield network.get_submodule(f"{block.name}.{norms[-1]}")
