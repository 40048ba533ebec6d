"""Simulated quantisation after training: weights and activations on grids of few bits, sums in float32.

What a kernel of integers would compute, but for the rounding of float32 sums (arXiv:1712.05877, section 2):

- Norms are folded into convolutions first (`analysis.nn.fold`). Biases stay as they are.
- Weights of convolutions and linear layers, b bits, symmetric: w -> s round(w / s), s = max |w| / (2^(b-1) - 1), so
  integers of -(2^(b-1) - 1) ... 2^(b-1) - 1. One s for each output channel, or one for the whole tensor.
- Activations, b bits, affine, one grid for each tensor: x -> s (clip(round(x / s) + z, 0, 2^b - 1) - z) with
  s = (high - low) / (2^b - 1), z = round(-low / s). [low, high] is what calibration images show, widened to hold 0,
  which is always on the grid.
- Rounded is every result that a kernel would write: a convolution or an addition whose only reader is its activation
  is not, the activation's result is. The image (8 bits as it is) and the class scores stay as they are.

`round` takes halves to the even number.
"""

from collections.abc import Callable, Iterable, Mapping
from copy import deepcopy
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor, nn

from analysis.arch import checks
from analysis.arch.plan import Activation, Plan
from analysis.arch.text import known
from analysis.nn.network import Network
from analysis.problem import Problem

Range = tuple[float, float]
Function = Callable[[str, Tensor], Tensor]  # (name of a tensor, the tensor) -> what takes its place


class Grid(NamedTuple):
    """Values scale x k for the whole numbers k from `least` to `most`. A zero point is taken off both."""

    scale: float
    least: int
    most: int


def written(plan: Plan) -> tuple[str, ...]:
    """Names of the tensors of a Plan that a kernel of integers would write, its outputs and the image left out."""
    readers: dict[str, list[object]] = {}
    for block in plan.blocks:
        for op in block.body.operations:
            for name in op.inputs:
                readers.setdefault(block.binding.get(name) or block.tensor(name), []).append(op)
    names = [block.tensor(op.name) for block in plan.blocks for op in block.body.operations]
    return tuple(
        name
        for name in names
        if name not in plan.outputs and not all(isinstance(op, Activation) for op in readers.get(name, ()))
    )


@torch.inference_mode()
def activation_ranges(network: Network, images: Tensor, percentiles: tuple[float, ...]) -> list[dict[str, Range]]:
    """The ranges of every `written` tensor on images (N, 3, H, W): for each percentile p one dictionary, name -> the
    (100 - p)th and the pth percentile (nearest rank) of its values, widened to hold 0. At 100: least and largest.

    Raises:
        Problem: a percentile outside (50, 100].
    """
    for percentile in percentiles:
        checks.number("percentile", percentile, 50, 100, above=True)
    found: list[dict[str, Range]] = [{} for _ in percentiles]

    def look(name: str, tensor: Tensor) -> Tensor:
        for ranges, both in zip(found, _percentiles(tensor.numpy().ravel(), percentiles), strict=True):
            ranges[name] = min(both[0], 0.0), max(both[1], 0.0)
        return tensor

    _with_results(network, look).eval()(images)
    return found


@torch.inference_mode()
def quantised(network: Network, ranges: Mapping[str, Range], bits: int, per_channel: bool) -> Network:
    """A network of the same folded Plan that computes as with `bits` bits. The given one is left as it was.

    `ranges`: of every `written` tensor. `per_channel`: one scale of weights for each output channel, else for each
    tensor.

    Raises:
        Problem: fewer than 2 bits, or more than 16.
    """
    checks.number("bits", bits, 2, 16)
    grids = {name: _grid(low, high, bits) for name, (low, high) in ranges.items()}
    result = _with_results(network, lambda name, x: _rounded(x, *grids[name]))
    for module in result.modules():
        if isinstance(module, nn.Conv2d | nn.Linear):
            module.weight.copy_(rounded_weights(module.weight, bits, per_channel))
    return result.eval()


def simulated(network: Network, grids: Mapping[str, Grid]) -> Network:
    """A network of the same folded Plan in which each tensor that `grids` names is rounded to its grid, the weights as
    they are. The given one is left as it was.

    Raises:
        Problem: a grid for a tensor that the Plan does not have, or none for one that a kernel of integers would write.
    """
    wanted = ("image", *written(network.plan), *network.plan.outputs)
    for name in grids:
        known(name, wanted, "tensor")
    if missing := [name for name in wanted if name not in grids]:
        raise Problem(f"there is no grid for {missing[0]} ({len(missing)} in all): integers need one for each tensor")
    return _with_results(network, lambda name, x: _rounded(x, *grids[name]), wanted[1:]).eval()


def rounded_weights(weights: Tensor, bits: int, per_channel: bool) -> Tensor:
    """Weights (out, ...) on their symmetric grid, or on a grid for each output channel."""
    most = 2 ** (bits - 1) - 1
    if not per_channel:
        scale = float(weights.abs().max()) / most or 1.0  # a tensor of zeros has any scale
        if scale < torch.finfo(torch.float32).tiny:  # torch multiplies by 1 / scale in float32, which is infinite
            return _rounded(weights.double(), scale, -most, most).to(weights.dtype)
        return torch.fake_quantize_per_tensor_affine(weights, scale, 0, -most, most)
    scales = weights.abs().flatten(1).amax(1) / most
    scales[scales == 0] = 1.0
    zeros = torch.zeros(len(scales), dtype=torch.int32)
    return torch.fake_quantize_per_channel_affine(weights, scales, zeros, 0, -most, most)


def _grid(low: float, high: float, bits: int) -> Grid:
    """Scale, and least and largest integer, of an affine grid: 0 ... 2^b - 1 less the zero point."""
    most = 2**bits - 1
    scale = (high - low) / most or 1.0
    zero = round(-low / scale)
    return Grid(scale, -zero, most - zero)


def _rounded(x: Tensor, scale: float, least: int, most: int) -> Tensor:
    return x.div(scale).round_().clamp_(least, most).mul_(scale)  # torch.fake_quantize takes twice as long


def _percentiles(values: np.ndarray, percentiles: tuple[float, ...]) -> list[Range]:
    last = len(values) - 1
    places = [(round(last * (1 - p / 100)), round(last * p / 100)) for p in percentiles]
    ordered = np.partition(values, sorted({place for both in places for place in both}))
    return [(float(ordered[low]), float(ordered[high])) for low, high in places]


class _Result(nn.Module):
    """A module whose result goes through a function of the tensor's name and the tensor."""

    def __init__(self, module: nn.Module, name: str, function: Function):
        super().__init__()
        self.module, self.name, self.function = module, name, function

    def forward(self, *tensors: Tensor) -> Tensor:
        return self.function(self.name, self.module(*tensors))


def _with_results(network: Network, function: Function, tensors: Iterable[str] = ()) -> Network:
    """A copy of the network in which every `written` tensor, or each of `tensors`, goes through `function`."""
    result, names = deepcopy(network), set(tensors) or set(written(network.plan))
    for block in network.plan.blocks:
        for op in block.body.operations:
            if (name := block.tensor(op.name)) in names:
                path = f"{block.name}.{op.name}"
                parent, _, last = path.rpartition(".")
                setattr(result.get_submodule(parent), last, _Result(result.get_submodule(path), name, function))
    return result
