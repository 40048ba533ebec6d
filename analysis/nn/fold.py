"""Norms folded into convolutions: the network of inference."""

import torch
from torch import nn

from analysis.arch.folding import folded, folded_norms
from analysis.nn.backend import build
from analysis.nn.network import Network


@torch.no_grad()
def fold(network: Network) -> Network:
    """A network of the folded Plan, in evaluation mode, that computes what `network` computes in evaluation mode.

    weight' = weight * a and bias' = (bias - mean) * a + shift with a = scale / sqrt(variance + epsilon) of each
    channel, computed in float64. The network itself is left as it was.
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
            _fold_into(module, state, name, folds[name], network.get_submodule(folds[name]))
    return result.eval()


def _fold_into(module: nn.Module, state: dict[str, torch.Tensor], conv: str, name: str, norm: nn.Module) -> None:
    def value(key: str) -> torch.Tensor:
        return state[key].double()

    assert isinstance(module, nn.Conv2d) and module.bias is not None and isinstance(norm, nn.BatchNorm2d)
    factor = value(f"{name}.weight") / torch.sqrt(value(f"{name}.running_var") + norm.eps)
    bias = value(f"{conv}.bias") if f"{conv}.bias" in state else 0.0
    module.weight.copy_(value(f"{conv}.weight") * factor[:, None, None, None])
    module.bias.copy_((bias - value(f"{name}.running_mean")) * factor + value(f"{name}.bias"))
