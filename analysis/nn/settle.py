"""Norms of an untrained network set from a batch of noise, so that its activations have the size of a trained one's."""

import torch
from torch import nn

from analysis.nn.network import Network


@torch.no_grad()
def settle(network: Network, batch: int = 4, seed: int = 0) -> Network:
    """The same network in evaluation mode, the running statistics of its norms those of `batch` normal images.

    Without it an untrained network of identity norms lets activations vanish or grow from layer to layer: its outputs
    would verify little, and its time could be that of denormal numbers.
    """
    norms = [module for module in network.modules() if isinstance(module, nn.BatchNorm2d)]
    momenta = [norm.momentum for norm in norms]
    images = torch.randn(batch, *network.plan.image, generator=torch.Generator().manual_seed(seed))
    try:
        for norm in norms:
            norm.momentum = 1.0
        network.train()(images.to(memory_format=torch.channels_last))
    finally:
        for norm, momentum in zip(norms, momenta, strict=True):
            norm.momentum = momentum
    return network.eval()
