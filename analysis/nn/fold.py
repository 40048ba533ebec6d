"""Norms folded into convolutions, and parallel branches into one: the network of inference."""

import torch
from torch import nn

from analysis.arch.branches import POINT, SAME, roots
from analysis.arch.folding import folded, folded_norms
from analysis.nn.backend import build
from analysis.nn.network import Network


@torch.no_grad()
def fold(network: Network) -> Network:
    """A network of the folded Plan, in evaluation mode, that computes what `network` computes in evaluation mode.

    weight' = weight * a and bias' = (bias - mean) * a + shift with a = scale / sqrt(variance + epsilon) of each
    channel, computed in float64. A 1 x 1 branch adds its weight' in the middle of the kernel, the identity adds its a.
    The network itself is left as it was.
    """
    result = build(folded(network.plan)).to(next(network.parameters()))
    state = network.state_dict()
    folds = {
        f"{block.name}.{conv}": f"{block.name}.{norm}"
        for block in network.plan.blocks
        for norm, conv in folded_norms(block.body).items()
    }
    for name, module in result.named_modules():
        for key, value in (*module.named_parameters(recurse=False), *module.named_buffers(recurse=False)):
            if name not in folds:  # a norm that does not fold, as after a concatenation, keeps its statistics
                value.copy_(state[f"{name}.{key}"])
        if name in folds:
            _fold_into(module, network, name, folds[name])
    for block in network.plan.blocks:
        for root in roots(block.body):
            _merge_into(result.get_submodule(f"{block.name}.{root}conv"), network, f"{block.name}.{root}")
    return result.eval()


def _fold_into(module: nn.Module, network: Network, conv: str, norm: str) -> None:
    assert isinstance(module, nn.Conv2d) and module.bias is not None
    weight, bias = _folded(network, conv, norm)
    module.weight.copy_(weight)
    module.bias.copy_(bias)


def _merge_into(module: nn.Module, network: Network, root: str) -> None:
    """Add the branches of a depthwise convolution to its kernel, in float64 and from the first."""
    assert isinstance(module, nn.Conv2d) and module.bias is not None
    weight, bias = _folded(network, f"{root}conv", f"{root}norm")
    point, more = _folded(network, f"{root}{POINT}.conv", f"{root}{POINT}.norm")
    middle = weight.shape[-1] // 2
    weight[:, :, middle, middle] += point[:, :, 0, 0]
    bias = bias + more
    same = f"{root}{SAME}"
    if any(name == same for name, _ in network.named_modules()):
        factor, shift = _affine(network, same)
        weight[:, 0, middle, middle] += factor
        bias = bias + shift
    module.weight.copy_(weight)
    module.bias.copy_(bias)


def _folded(network: Network, conv: str, norm: str) -> tuple[torch.Tensor, torch.Tensor]:
    """Weight and bias of a convolution with its norm, in float64."""
    factor, shift = _affine(network, norm)
    module = network.get_submodule(conv)
    assert isinstance(module, nn.Conv2d)
    bias = 0.0 if module.bias is None else module.bias.double()
    return module.weight.double() * factor[:, None, None, None], bias * factor + shift


def _affine(network: Network, name: str) -> tuple[torch.Tensor, torch.Tensor]:
    """What a norm multiplies each channel by in evaluation mode, and what it adds, in float64."""
    norm = network.get_submodule(name)
    assert isinstance(norm, nn.BatchNorm2d) and norm.running_mean is not None and norm.running_var is not None
    factor = norm.weight.double() / torch.sqrt(norm.running_var.double() + norm.eps)
    return factor, norm.bias.double() - norm.running_mean.double() * factor
