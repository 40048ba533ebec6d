"""Initial weights of a network, drawn from a seed and each parameter's own name."""

import hashlib
import math

import torch
from torch import Tensor, nn

from analysis.arch.text import known

SCHEMES = ("he", "normal_0.001")


@torch.no_grad()
def initialise(network: nn.Module, seed: int, scheme: str = "he") -> None:
    """Draw the weights of every convolution and linear layer. Norms start as the identity, biases at 0.

    Each weight has a random stream of its own, keyed by `seed` and its name, so that two variants start from the
    same values wherever they share a layer, and torch's global random state is neither read nor moved.

    - "he": normal with variance 2 / fan-out, fan-out = k^2 * output channels / groups (arXiv:1502.01852, eq. 14).
      Linear layers normal with standard deviation 0.01.
    - "normal_0.001": normal with standard deviation 0.001 everywhere.

    Raises:
        Problem: an unknown scheme.
    """
    known(scheme, SCHEMES, "initialisation")
    for name, module in network.named_modules():
        match module:
            case nn.Conv2d():
                fan_out = math.prod(module.kernel_size) * module.out_channels // module.groups
                _draw(module.weight, math.sqrt(2 / fan_out) if scheme == "he" else 0.001, seed, name)
            case nn.Linear():
                _draw(module.weight, 0.01 if scheme == "he" else 0.001, seed, name)
            case nn.BatchNorm2d() | nn.GroupNorm():
                module.reset_parameters()
                continue
            case _:
                continue
        if module.bias is not None:
            module.bias.zero_()


def _draw(weight: Tensor, std: float, seed: int, name: str) -> None:
    digest = hashlib.sha256(f"{seed}:{name}".encode()).digest()
    generator = torch.Generator().manual_seed(int.from_bytes(digest[:8], "big") >> 1)
    weight.copy_(torch.randn(weight.shape, generator=generator) * std)
