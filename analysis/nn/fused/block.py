"""Running a block's operations with the fused operators, the rest with torch's."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any, TypeGuard

import torch
from torch import Tensor, nn

from analysis.arch.plan import Activation, Add, Body, Conv, Norm, Operation, Pool, Resize
from analysis.nn.fused.values import ACTIVATIONS, Value, activated, added

# Widest input whose expansion is made again in the backward pass. Beyond, the products cost more than memory.
RECOMPUTED_CHANNELS = 64

Values = dict[str, Value | Tensor]
Layers = Mapping[str, Any]  # operation -> its module


def run_block(layers: Layers, body: Body, values: Values, wanted: frozenset[str], storage: torch.dtype) -> Values:
    """Run `body`, whose modules `layers` holds by operation. Maps travel in type `storage`.

    Takes the body's inputs by local name, returns the `wanted` ones: maps as Values, else float tensors.
    """
    values, skip = dict(values), set[str]()
    chains, last_reads = expansions(body), last_reads_of(body)
    for op in body.operations:
        if op.name in skip:
            continue
        chain = chains.get(op.name)
        if chain and not wanted & {part.name for part in chain[:3]}:
            skip |= {part.name for part in chain[1:]}
            done = chain[3].name
            values[done] = _expand(layers, *chain, _value(values[op.inputs[0]], storage))
        else:
            values[op.name] = _run(layers[op.name], op, [values[name] for name in op.inputs], storage)
            done = op.name
        for name in (*last_reads[op.name], *last_reads[done]):
            if name not in wanted:
                values.pop(name, None)
    return {name: values[name] for name in wanted}


@lru_cache(maxsize=4096)
def last_reads_of(body: Body) -> dict[str, list[str]]:
    """Operation -> the tensors that none reads after it."""
    last = {name: op.name for op in body.operations for name in op.inputs}
    return {op.name: [name for name, reader in last.items() if reader == op.name] for op in body.operations}


@lru_cache(maxsize=4096)
def expansions(body: Body) -> dict[str, tuple[Conv, Norm, Activation, Conv]]:
    """1 x 1 convolutions read only, by way of a norm and an activation, by a depthwise convolution: all four."""
    readers: dict[str, list[Operation]] = {}
    for op in body.operations:
        for name in op.inputs:
            readers.setdefault(name, []).append(op)
    found = {}
    for op in body.operations:
        if not _is_pointwise(op) or op.channels > RECOMPUTED_CHANNELS:
            continue
        chain: list[Operation] = [op]
        while len(chain) < 4 and len(next_ := readers.get(chain[-1].name, [])) == 1:
            chain.append(next_[0])
        match chain[1:]:
            case [Norm(groups=0) as norm, Activation(function=name) as activation, Conv() as filter_] if (
                name in ACTIVATIONS and _is_filter(filter_) and filter_.dilation == 1
            ):
                found[op.name] = op, norm, activation, filter_
    return found


def _is_pointwise(op: Operation) -> TypeGuard[Conv]:
    return isinstance(op, Conv) and (op.kernel, op.stride, op.groups, op.bias) == (1, 1, 1, False)


def _is_filter(op: Operation) -> TypeGuard[Conv]:
    """A depthwise convolution, with holes only where its dilation divides the map."""
    if not (isinstance(op, Conv) and op.groups == op.channels == op.shape[0]):
        return False
    _, height, width = op.shape
    whole = op.dilation == 1 or (op.stride == 1 and height % op.dilation == width % op.dilation == 0)
    padded = op.zeros is None and not op.one_sided
    return op.kernel in (3, 5, 7) and op.stride in (1, 2) and whole and not op.bias and padded


def _run(layer: Any, op: Operation, inputs: list[Value | Tensor], storage: torch.dtype) -> Value | Tensor:
    match op:
        case Conv() if _is_pointwise(op):
            return _summed(torch.ops.mnv2.pointwise(*_value(inputs[0], storage).lazy(), layer.weight))
        case Conv() if _is_filter(op):
            lazy = _value(inputs[0], storage).lazy()
            return _summed(torch.ops.mnv2.depthwise(*lazy, layer.weight, op.stride, op.dilation))
        case Conv(groups=1, dilation=1, bias=False, one_sided=False, zeros=None) if (
            op.kernel % 2 and isinstance(inputs[0], Tensor) and not inputs[0].requires_grad
        ):
            return _summed(torch.ops.mnv2.dense(inputs[0], layer.weight, op.stride, storage))
        case Conv(kernel=1, groups=1, bias=False):  # with a stride: it reads the pixels at its multiples
            z, *applied = _value(inputs[0], storage).lazy()
            z = z[:, :, :: op.stride, :: op.stride].contiguous(memory_format=torch.channels_last)
            return _summed(torch.ops.mnv2.pointwise(z, *applied, layer.weight))
        case Norm(groups=0) if isinstance(inputs[0], Value) and inputs[0].sums is not None:
            return Value(inputs[0].raw, _normalise(layer, inputs[0].raw, inputs[0].sums))
        case Activation() if isinstance(inputs[0], Value) and op.function in ACTIVATIONS:
            return activated(inputs[0], ACTIVATIONS[op.function])
        case Add() if any(isinstance(x, Value) for x in inputs):
            return added(*(_value(x, storage) for x in inputs))
        case Pool(kernel=0, function="mean") if isinstance(inputs[0], Value):
            return torch.ops.mnv2.pool(*inputs[0].lazy())
        case Resize():
            return _resized(plain(inputs[0]), *op.shape[1:])
    return layer(*(plain(x) for x in inputs))


def _resized(x: Tensor, height: int, width: int) -> Tensor:
    """Bilinear resize with aligned corners as two products, which run backward faster than torch's own does."""
    if x.shape[2:].numel() == 1:
        return x.expand(-1, -1, height, width)
    rows, columns = (_interpolation(*sizes, x.dtype) for sizes in ((x.shape[2], height), (x.shape[3], width)))
    return rows @ (x.contiguous() @ columns.t())


@lru_cache(maxsize=256)
def _interpolation(old: int, new: int, dtype: torch.dtype) -> Tensor:
    """What each of `new` places takes from `old` ones, of which the first and the last stay where they are."""
    with torch.inference_mode(False):  # it is kept, and a training may ask for it after an evaluation
        places = torch.linspace(0, old - 1, new, dtype=torch.float64)
        distance = (places[:, None] - torch.arange(old)).abs()
        return (1 - distance).clamp(min=0).to(dtype)


def _expand(layers: Layers, conv: Conv, norm: Norm, activation: Activation, filter_: Conv, x: Value) -> Value:
    weight, layer, filters = layers[conv.name].weight, layers[norm.name], layers[filter_.name].weight
    if layer.training or not layer.track_running_stats:
        stored, moments = x.with_moments()
        count = _pixels(stored)
        folded, bias, statistics = torch.ops.mnv2.norm_expansion(
            moments, weight, layer.weight, layer.bias, count, layer.eps
        )
        _track(layer, statistics, count)
    else:
        stored = x.stored
        scale, bias = _running_affine(layer)
        folded = weight * scale.view(-1, 1, 1, 1)
    number = ACTIVATIONS[activation.function]
    return _summed(torch.ops.mnv2.expand_depthwise(stored, folded, bias, number, filters, filter_.stride))


def _normalise(layer: nn.BatchNorm2d, raw: Tensor, sums: Tensor) -> Tensor:
    if not layer.training and layer.track_running_stats:
        return _running_affine(layer)
    count = _pixels(raw)
    affine, statistics = torch.ops.mnv2.norm(sums, layer.weight, layer.bias, count, layer.eps)
    _track(layer, statistics, count)
    return affine


def _running_affine(layer: nn.BatchNorm2d) -> Tensor:
    assert layer.running_mean is not None and layer.running_var is not None
    scale = layer.weight * (layer.running_var + layer.eps).rsqrt()
    return torch.stack([scale, layer.bias - layer.running_mean * scale])


def _track(layer: nn.BatchNorm2d, statistics: Tensor, count: int) -> None:
    if layer.track_running_stats and (tracked := layer.num_batches_tracked) is not None:
        momentum = 1 / (int(tracked) + 1) if layer.momentum is None else layer.momentum
        running = layer.running_mean, layer.running_var, tracked
        torch.ops.mnv2.update_statistics(statistics, count, momentum, *running)


def _summed(result: tuple[Tensor, Tensor]) -> Value:
    return Value(result[0], sums=result[1])


def _value(x: Value | Tensor, storage: torch.dtype) -> Value:
    return x if isinstance(x, Value) else Value(x.to(storage, memory_format=torch.channels_last))


def plain(x: Value | Tensor) -> Tensor:
    """The float tensor (N, C, H, W) that eager modules and people read."""
    return x.stored.to(torch.promote_types(x.stored.dtype, torch.float32)) if isinstance(x, Value) else x


def _pixels(x: Tensor) -> int:
    return x.numel() // x.shape[1]
