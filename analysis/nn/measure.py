"""Counts of any torch module, from the operators that it runs, which leaves the module as it was."""

import importlib
import os
import sys
from collections import Counter
from math import prod
from typing import Any, NamedTuple

import torch
from torch import Tensor, nn
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils.flop_counter import flop_registry

from analysis.problem import Problem

# Columns besides the multiply-adds, by operator name without its overload and the "_" of its in-place twin.
COLUMNS = {
    "norm": "native_batch_norm _native_batch_norm_legit_no_training cudnn_batch_norm native_layer_norm "
    "native_group_norm",
    "activation": "relu relu6 hardtanh hardswish hardsigmoid leaky_relu elu gelu silu mish sigmoid tanh softplus "
    "_softmax _log_softmax prelu _prelu_kernel",
    "addition": "add",
    "pooling": "mean avg_pool2d max_pool2d max_pool2d_with_indices _adaptive_avg_pool2d adaptive_max_pool2d",
}
COLUMN_OF = {name: column for column, names in COLUMNS.items() for name in names.split()}
# Move or reinterpret data, or make constants.
FREE = """
view _unsafe_view reshape _reshape_alias as_strided alias detach clone copy contiguous _to_copy lift_fresh t transpose
permute expand squeeze unsqueeze slice select split split_with_sizes unbind flatten cat stack constant_pad_nd
pixel_shuffle channel_shuffle native_channel_shuffle dropout native_dropout empty empty_like empty_strided new_empty
zeros zeros_like new_zeros ones ones_like full full_like arange
"""
FREE_NAMES = frozenset(FREE.split())


class Measured(NamedTuple):
    """Counts of a module for one input, and the operators, with times run, that no rule covers."""

    madds: int
    params: int
    norm: int
    activation: int
    addition: int
    pooling: int
    elements: int
    uncounted: dict[str, int]


class _Counting(TorchDispatchMode):
    def __init__(self) -> None:
        super().__init__()
        self.counts: Counter[str] = Counter()
        self.uncounted: Counter[str] = Counter()

    def __torch_dispatch__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        out = func(*args, **(kwargs or {}))
        name = func._schema.name.split("::")[-1]
        made = out[0] if isinstance(out, tuple | list) and out else out
        elements = made.numel() if isinstance(made, Tensor) else 0
        if func._overloadpacket in flop_registry:  # torch's own formulas, 2 a multiply-add
            flops = flop_registry[func._overloadpacket](*args, **(kwargs or {}), out_val=out)
            self.counts["madds"] += flops // 2
            self.counts["elements"] += elements
        elif column := COLUMN_OF.get(name.rstrip("_")):
            self.counts[column] += args[0].numel() if column == "pooling" else elements
            self.counts["elements"] += elements
        elif name.rstrip("_") not in FREE_NAMES:
            self.uncounted[func._schema.name] += 1
        return out


def measure(module: nn.Module, *inputs: Tensor) -> Measured:
    """Counts of `module` on `inputs`, in evaluation mode without gradients.

    The module runs on copies of its buffers and under a random state of its own. The modes of its parts are put
    back. Nothing is registered on it.

    Raises:
        Problem: the module does not run on these inputs.
    """
    modes = [(part, part.training) for part in module.modules()]
    buffers = {name: buffer.clone() for name, buffer in module.named_buffers()}
    counting = _Counting()
    try:
        module.eval()
        with torch.random.fork_rng(devices=[]), torch.no_grad(), counting:
            torch.func.functional_call(module, buffers, inputs)
    except Exception as error:  # whatever a user's own forward raises
        shapes = ", ".join(str(tuple(x.shape)) for x in inputs)
        raise Problem(f"{type(module).__name__} does not run on {shapes}: {error}") from error
    finally:
        for part, mode in modes:
            part.training = mode
    params = sum(p.numel() for p in module.parameters())
    columns = ("norm", "activation", "addition", "pooling", "elements")
    counts = (counting.counts[column] for column in columns)
    return Measured(counting.counts["madds"], params, *counts, uncounted=dict(counting.uncounted))


def load_module(path: str) -> nn.Module:
    """The torch module that `package.module:factory` makes, or is. The current folder is searched too.

    Raises:
        Problem: no such module or name, the factory fails, or it makes something else.
    """
    package, _, name = path.partition(":")
    if not name:
        raise Problem(f"{path!r} is not of the form package.module:factory")
    sys.path.insert(0, os.getcwd())
    try:
        made = getattr(importlib.import_module(package), name)
        made = made if isinstance(made, nn.Module) else made()
    except Exception as error:  # whatever a user's own code raises
        raise Problem(f"cannot make {path}: {type(error).__name__}: {error}") from error
    finally:
        sys.path.remove(os.getcwd())
    if not isinstance(made, nn.Module):
        raise Problem(f"{path} makes a {type(made).__name__}, not a torch module")
    return made


def random_input(shape: tuple[int, ...]) -> Tensor:
    """Standard normal numbers of `shape` from a fixed seed.

    Raises:
        Problem: the shape is empty or has a side below 1.
    """
    if not shape or min(shape) < 1 or prod(shape) > 2**31:
        raise Problem(f"input {' '.join(map(str, shape))} is not a shape such as 1 3 224 224")
    return torch.randn(shape, generator=torch.Generator().manual_seed(0))
