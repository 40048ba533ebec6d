"""The losses of an epoch: they stay on their device, and are read a few at a time."""

import math
from itertools import takewhile

import torch
from torch import Tensor

EVERY = 50  # steps between two looks on an accelerator, which waits for it


class Losses:
    """The losses of the steps of an epoch.

    `values`: those that were read, up to the first that is not finite; losses of earlier parts of the epoch may be
    there. On a CPU each is read as it comes, on another device every so many steps.
    """

    def __init__(self, values: list[float], device: torch.device):
        self.values, self._waiting = values, list[Tensor]()
        self._every = 1 if device.type == "cpu" else EVERY

    def add(self, loss: Tensor) -> bool:
        """Take the loss of a step, a scalar. Whether all that were read are finite."""
        self._waiting.append(loss.detach())
        return len(self._waiting) < self._every or self.read()

    def read(self) -> bool:
        """Read what has come. Whether all of it is finite."""
        if not self._waiting:
            return True
        new: list[float] = torch.stack(self._waiting).tolist()
        self._waiting.clear()
        good = list(takewhile(math.isfinite, new))
        self.values += good
        return len(good) == len(new)
