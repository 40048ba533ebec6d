"""Norms of an untrained network set from images or noise, so that its activations have the size of a trained one's."""

from collections.abc import Iterable

import torch
from torch import Tensor, nn

from analysis.nn.network import Network


@torch.no_grad()
def settle(network: Network, batch: int = 4, seed: int = 0) -> Network:
    """The same network in evaluation mode, the running statistics of its norms those of `batch` normal images.

    Without it an untrained network of identity norms lets activations vanish or grow from layer to layer: its outputs
    would verify little, and its time could be that of denormal numbers.
    """
    images = torch.randn(batch, *network.plan.image, generator=torch.Generator().manual_seed(seed))
    return settle_on(network, [images.to(memory_format=torch.channels_last)])


@torch.no_grad()
def settle_on(network: Network, batches: Iterable[Tensor]) -> Network:
    """`settle` on images (N, 3, H, W) at hand: means and variances are the average of those of the batches."""
    norms = [module for module in network.modules() if isinstance(module, nn.BatchNorm2d)]
    momenta = [norm.momentum for norm in norms]
    try:
        for number, images in enumerate(batches, start=1):
            for norm in norms:
                norm.momentum = 1 / number
            network.train()(images)
    finally:
        for norm, momentum in zip(norms, momenta, strict=True):
            norm.momentum = momentum
    return network.eval()
