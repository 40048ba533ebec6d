"""Within a block nothing but one device: no operator reads or makes a tensor elsewhere, and none waits for values."""

from contextlib import contextmanager
from unittest import mock

import torch
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils._pytree import tree_leaves


class Elsewhere(Exception):
    pass


class Only(TorchDispatchMode):
    """Operators see and make tensors of one type of device alone. (Some of torch's own for `meta` take others too.)"""

    def __init__(self, kind):
        super().__init__()
        self.kind, self.operators = kind, set()

    def __torch_dispatch__(self, func, types, args=(), kwargs=None):
        result = func(*args, **(kwargs or {}))
        self.operators.add(func.name())
        for tensor in tree_leaves((args, kwargs, result)):
            if isinstance(tensor, torch.Tensor) and tensor.device.type != self.kind:
                raise Elsewhere(f"{func.name()} has a tensor on {tensor.device}")
        return result


def refuse(*values, **options):
    raise Elsewhere("numbers are copied from the CPU in a step")


@contextmanager
def only(kind):
    """As `Only`, and no tensor is made of Python's numbers: that copy from the CPU would wait for the device."""
    names = ("tensor", "as_tensor", "from_numpy")
    made = [mock.patch.object(torch, name, refuse) for name in names]
    made.append(mock.patch.object(torch.Tensor, "new_tensor", refuse))
    for each in made:
        each.start()
    try:
        with Only(kind) as mode:
            yield mode
    finally:
        for each in made:
            each.stop()
