"""Integers as a kernel computes them: exact sums of products, one rounding for each tensor that is written.

`analysis.nn.quantise` rounds float32 results to their grids. Its float32 sums differ from a kernel's in the last bit.
A single value that is rounded the other way spreads through a deep network, until the two differ as two roundings of
it do. Here every sum is exact, and each tensor is rounded as XNNPACK rounds it, which runs files of TensorFlow Lite:

- Convolution, classifier: k = round(float32(sum) x float32(s_x s_w / s_y)), halves to the even number.
- Addition: k = floor((m_a k_a + m_b k_b + 2^(n-1)) / 2^n) with m = round(2^n s / s_y), the larger below 2^21.
- Mean over the map, on the grid of the input: the integers' sum over the area, halves away from zero, as TensorFlow
  Lite's own kernel. On another grid: as a convolution of equal weights.

A value is scale x k between modules, so a network's tensors have their meaning. All k are of grids of at most 16 bits.
Sums stay below 2^24 where float32 adds them, else float64 does.
"""

from collections.abc import Mapping
from copy import deepcopy

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from analysis.arch.plan import Activation, Add, Conv, Linear, Operation, Pool
from analysis.nn.network import Network
from analysis.nn.operations import OneSided, zeros
from analysis.nn.quantise import Grid
from analysis.problem import Problem

CLAMPED = ("relu", "relu6")  # activations that leave integers on their grid
EXACT = 2**24  # whole numbers up to here are exact in float32


@torch.no_grad()
def integer_network(
    network: Network, grids: Mapping[str, Grid], scales: Mapping[str, np.ndarray], signed: bool = False
) -> Network:
    """A network of the same folded Plan that computes with integers. The given one is left as it was.

    `grids`: of the image and of each tensor that a kernel writes, scores included. `scales`: of the weights of each
    convolution and linear layer, (1,) or (out,). `signed`: the integers of a grid begin at -128, not at 0, which
    decides how halves of a mean are rounded.

    Raises:
        Problem: a grid or a scale that is missing, or an operation that has no kernel here.
    """
    result = deepcopy(network)
    readers = _readers(network)
    of: dict[str, Grid] = {"image": _grid(grids, "image")}
    for block in network.plan.blocks:
        for op in block.operations():
            after = readers.get(op.name, [])
            made = after[0].name if len(after) == 1 and isinstance(after[0], Activation) else op.name
            if isinstance(op, Activation):
                if op.function not in CLAMPED:
                    raise Problem(f"{op.name} ({op.function}) has no kernel of integers here: relu and relu6 have one")
                of[op.name] = of[op.inputs[0]]
                continue
            of[op.name] = _grid(grids, made)
            parent, _, last = op.name.rpartition(".")
            inputs = [of[name] for name in op.inputs]
            module = result.get_submodule(op.name)
            setattr(result.get_submodule(parent), last, _kernel(op, module, inputs, of[op.name], scales, signed))
    return result.eval()


def _readers(network: Network) -> dict[str, list[Operation]]:
    readers: dict[str, list[Operation]] = {}
    for op in network.plan.operations:
        for name in op.inputs:
            readers.setdefault(name, []).append(op)
    return readers


def _grid(grids: Mapping[str, Grid], name: str) -> Grid:
    if name not in grids:
        raise Problem(f"there is no grid for {name}: integers need one for each tensor")
    return grids[name]


def _kernel(
    op: Operation, module: nn.Module, inputs: list[Grid], made: Grid, scales: Mapping[str, np.ndarray], signed: bool
) -> nn.Module:
    match op:
        case Conv() | Linear() if getattr(module, "bias", None) is not None:
            if op.name not in scales:
                raise Problem(f"there is no scale for the weights of {op.name}: integers need one")
            return IntegerLayer(module, inputs[0], made, np.asarray(scales[op.name], np.float32))
        case Add():
            return IntegerSum(inputs[0], inputs[1], made)
        case Pool(kernel=0, function="mean"):
            return IntegerMean(inputs[0], made, signed)
    raise Problem(
        f"{op.name} ({type(op).__name__}) has no kernel of integers here: give a classifier of convolutions, sums and "
        "one mean, with its norms folded"
    )


class IntegerLayer(nn.Module):
    """A convolution or a linear layer of integers, for values on grids."""

    weight: Tensor
    bias: Tensor
    factor: Tensor

    def __init__(self, layer: nn.Module, read: Grid, made: Grid, scales: np.ndarray):
        super().__init__()
        assert isinstance(layer, nn.Conv2d | nn.Linear) and layer.bias is not None
        self.layer, self.read, self.made = layer, read, made
        along = (-1, *[1] * (layer.weight.dim() - 1))
        weight = torch.round(layer.weight.detach().double() / torch.from_numpy(scales.astype(np.float64)).view(along))
        product = np.float32(read.scale) * scales
        bias = torch.round(layer.bias.detach().double() / torch.from_numpy(product.astype(np.float64)))
        most = max(abs(read.least), abs(read.most))
        bound = float((weight.abs().flatten(1).sum(1) * most + bias.abs()).max())
        self.kind = torch.float32 if bound < EXACT else torch.float64
        self.register_buffer("weight", weight.to(self.kind))
        self.register_buffer("bias", bias.to(self.kind))
        factor = torch.from_numpy(product / np.float32(made.scale))
        self.register_buffer("factor", factor.view(-1, *[1] * (layer.weight.dim() - 2)))

    def forward(self, x: Tensor) -> Tensor:
        """Values (N, C, H, W) or (N, C, 1, 1) on the grid of the input -> values on the grid of the result."""
        k = torch.round(x / self.read.scale).to(self.kind)
        if isinstance(self.layer, nn.Linear):
            total = functional.linear(k.flatten(1), self.weight, self.bias)
        else:
            conv = self.layer
            if isinstance(conv, OneSided):
                sizes = zip(k.shape[2:], conv.kernel_size, conv.stride, conv.dilation, strict=True)
                (top, bottom), (left, right) = (zeros(*each) for each in sizes)
                k = functional.pad(k, (left, right, top, bottom))
            assert not isinstance(conv.padding, str)
            how = conv.stride, conv.padding, conv.dilation, conv.groups
            total = functional.conv2d(k, self.weight, self.bias, *how)
        return _valued(torch.round(total.float() * self.factor), self.made)


class IntegerSum(nn.Module):
    """The sum of two tensors of integers."""

    def __init__(self, first: Grid, second: Grid, made: Grid):
        super().__init__()
        self.grids, self.made = (first, second), made
        ratios = [float(np.float32(grid.scale) / np.float32(made.scale)) for grid in self.grids]
        self.bits = 20 - int(np.floor(np.log2(max(ratios))))
        self.factors = [float(np.rint(ratio * 2**self.bits)) for ratio in ratios]

    def forward(self, first: Tensor, second: Tensor) -> Tensor:
        """Values of one shape (N, C, H, W)."""
        total = torch.full((), 2.0 ** (self.bits - 1), dtype=torch.float64)
        for x, grid, factor in zip((first, second), self.grids, self.factors, strict=True):
            total = total + factor * torch.round(x / grid.scale).double()
        return _valued(torch.floor(total / 2**self.bits).float(), self.made)


class IntegerMean(nn.Module):
    """The mean over the map of a tensor of integers."""

    def __init__(self, read: Grid, made: Grid, signed: bool):
        super().__init__()
        self.read, self.made, self.signed = read, made, signed

    def forward(self, x: Tensor) -> Tensor:
        """(N, C, H, W) -> (N, C, 1, 1)."""
        area = x.shape[2] * x.shape[3]
        total = torch.round(x / self.read.scale).double().sum((2, 3), keepdim=True)
        if self.read == self.made:
            zero = -self.read.least - (128 if self.signed else 0)  # the integer of the value 0
            whole = total + area * zero
            rounded = whole.sign() * torch.floor((whole.abs() + area // 2) / area)
            return _valued(rounded.float() - zero, self.made)
        factor = np.float32(self.read.scale) / (np.float32(self.made.scale) * np.float32(area))
        return _valued(torch.round(total.float() * float(factor)), self.made)


def _valued(k: Tensor, grid: Grid) -> Tensor:
    return k.clamp_(grid.least, grid.most).mul_(grid.scale)
