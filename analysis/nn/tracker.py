"""Live bytes of a running module: what its tensors hold while each of torch's operators runs."""

from typing import Any

import torch
from torch import Tensor, nn
from torch.multiprocessing.reductions import StorageWeakRef
from torch.utils._python_dispatch import TorchDispatchMode

from analysis.cost.graph import Moment, Timeline


class _Tracker(TorchDispatchMode):
    """Notes the bytes of all storages alive after each operator that makes a new one, without the `ignored` ones."""

    def __init__(self, ignored: list[Tensor]):
        super().__init__()
        self.ignored = {tensor.untyped_storage()._cdata for tensor in ignored}
        self.live: dict[int, tuple[StorageWeakRef, int]] = {}
        self.moments: list[Moment] = []

    def note(self, made: Any) -> bool:
        """Take up the storages of new tensors and return whether there were any."""
        before = len(self.live)
        for tensor in made if isinstance(made, tuple | list) else (made,):
            if isinstance(tensor, Tensor) and tensor.numel():
                storage = tensor.untyped_storage()
                if storage._cdata not in self.ignored:
                    self.live.setdefault(storage._cdata, (StorageWeakRef(storage), storage.nbytes()))
        return len(self.live) > before

    def __torch_dispatch__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        self.live = {key: entry for key, entry in self.live.items() if not entry[0].expired()}
        out = func(*args, **(kwargs or {}))  # while it ran, its inputs and its outputs were alive together
        if self.note(out):
            self.moments.append(Moment(func._schema.name, sum(size for _, size in self.live.values())))
        return out


def track(module: nn.Module, *inputs: Any, backward: bool = False) -> Timeline:
    """Live bytes while `module` runs on `inputs`, at each operator that makes a new tensor.

    Inputs count throughout, as the caller holds them. Parameters and buffers do not count, nor does what a kernel
    takes for itself. In training mode what autograd saves counts. `backward` goes on to the gradients of the sum of
    the outputs' squares, those of parameters included.
    """
    tracker = _Tracker([*module.parameters(), *module.buffers()])
    tensors = [value for each in inputs for value in (each.values() if isinstance(each, dict) else [each])]
    tracker.note([tensor for tensor in tensors if isinstance(tensor, Tensor)])
    del tensors
    with torch.set_grad_enabled(module.training), tracker:
        outputs = module(*inputs)
        if backward:
            torch.stack([out.square().sum() for out in _flat(outputs)]).sum().backward()
    return Timeline(tuple(tracker.moments))


def _flat(outputs: Tensor | tuple[Tensor, ...]) -> tuple[Tensor, ...]:
    return outputs if isinstance(outputs, tuple) else (outputs,)
