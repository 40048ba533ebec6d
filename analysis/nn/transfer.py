"""Weights of a trained classifier copied into the trunk of another network."""

from pathlib import Path
from typing import NamedTuple

import torch

from analysis.nn.checkpoint import Origin, load_checkpoint
from analysis.nn.network import Network
from analysis.problem import Problem


class Start(NamedTuple):
    """What the classifier was trained as and on, and the parameters and statistics that were copied, by name."""

    origin: Origin
    copied: tuple[str, ...]

    @property
    def statement(self) -> str:
        """What a record says of it."""
        o = self.origin
        return f"{len(self.copied)} tensors of {o.variant}, {o.recipe}, {o.dataset}, seed {o.seed}"


@torch.no_grad()
def start_from(network: Network, path: Path) -> Start:
    """Copy every tensor outside the head whose name and shape the classifier of the checkpoint shares.

    Raises:
        Problem: what `load_checkpoint` refuses; no convolution fits; the checkpoint holds initial weights.
    """
    classifier, origin = load_checkpoint(path)
    if origin.stage != "trained":
        raise Problem(f"{path} holds {origin.stage} weights; name a checkpoint of trained ones")
    theirs, ours = classifier.state_dict(), network.state_dict()
    copied = [
        name
        for name, tensor in ours.items()
        if not name.startswith("head.") and name in theirs and theirs[name].shape == tensor.shape
    ]
    if not any(ours[name].dim() == 4 for name in copied):
        raise Problem(f"no layer of {origin.variant} fits the network's trunk: give both one width and rows")
    for name in copied:
        ours[name].copy_(theirs[name])
    return Start(origin, tuple(copied))
