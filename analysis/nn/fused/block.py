"""Running a block's operations with the fused operators, the rest with torch's."""

from functools import lru_cache
from typing import Any, TypeGuard

import torch
from torch import Tensor, nn

from analysis.arch.plan import Activation, Add, Body, Conv, Norm, Operation, Pool
from analysis.nn.fused.values import ACTIVATIONS, Value, activated, added

# Widest input whose expansion is made again in the backward pass; beyond, the products cost more than memory.
RECOMPUTED_CHANNELS = 64

Values = dict[str, Value | Tensor]


def run_block(module: nn.Module, body: Body, values: Values, wanted: frozenset[str], storage: torch.dtype) -> Values:
    """Run `body`, whose modules `module` holds by name; maps travel in type `storage`.

    Takes the body's inputs by local name, returns the `wanted` ones: maps as Values, else float tensors.
    """
    values, skip = dict(values), set[str]()
    chains, last_use = expansions(body), last_uses(body)
    for op in body.operations:
        if op.name in skip:
            continue
        chain = chains.get(op.name)
        if chain and not wanted & {part.name for part in chain[:3]}:
            skip |= {part.name for part in chain[1:]}
            done = chain[3].name
            values[done] = _expand(module, *chain, _value(values[op.inputs[0]], storage))
        else:
            values[op.name] = _run(module, op, [values[name] for name in op.inputs], storage)
            done = op.name
        for name in [n for n, user in last_use.items() if user in (op.name, done) and n not in wanted]:
            values.pop(name, None)
    return {name: values[name] for name in wanted}


@lru_cache(maxsize=4096)
def last_uses(body: Body) -> dict[str, str]:
    """Tensor -> the operation that reads it last."""
    return {name: op.name for op in body.operations for name in op.inputs}


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
            case [Norm() as norm, Activation(function=name) as activation, Conv() as filter_] if (
                name in ACTIVATIONS and _is_filter(filter_)
            ):
                found[op.name] = op, norm, activation, filter_
    return found


def _is_pointwise(op: Operation) -> TypeGuard[Conv]:
    return isinstance(op, Conv) and (op.kernel, op.stride, op.groups, op.bias) == (1, 1, 1, False)


def _is_filter(op: Operation) -> TypeGuard[Conv]:
    return (
        isinstance(op, Conv)
        and op.groups == op.channels == op.shape[0]
        and (op.kernel in (3, 5, 7) and op.stride in (1, 2) and op.dilation == 1 and not op.bias)
    )


def _run(module: nn.Module, op: Operation, inputs: list[Value | Tensor], storage: torch.dtype) -> Value | Tensor:
    layer: Any = module.get_submodule(op.name)
    match op:
        case Conv() if _is_pointwise(op):
            return _summed(torch.ops.mnv2.pointwise(*_value(inputs[0], storage).lazy(), layer.weight))
        case Conv() if _is_filter(op):
            lazy = _value(inputs[0], storage).lazy()
            return _summed(torch.ops.mnv2.depthwise(*lazy, layer.weight, op.stride))
        case Conv(groups=1, dilation=1, bias=False) if (
            op.kernel % 2 and isinstance(inputs[0], Tensor) and not inputs[0].requires_grad
        ):
            return _summed(torch.ops.mnv2.dense(inputs[0], layer.weight, op.stride, storage))
        case Norm() if isinstance(inputs[0], Value) and inputs[0].sums is not None:
            return Value(inputs[0].raw, _normalise(layer, inputs[0].raw, inputs[0].sums))
        case Activation() if isinstance(inputs[0], Value) and op.function in ACTIVATIONS:
            return activated(inputs[0], ACTIVATIONS[op.function])
        case Add() if any(isinstance(x, Value) for x in inputs):
            return added(*(_value(x, storage) for x in inputs))
        case Pool(kernel=0, function="mean") if isinstance(inputs[0], Value):
            return torch.ops.mnv2.pool(*inputs[0].lazy())
    return layer(*(plain(x) for x in inputs))


def _expand(module: nn.Module, conv: Conv, norm: Norm, activation: Activation, filter_: Conv, x: Value) -> Value:
    layer: Any = module.get_submodule(norm.name)
    weight, filters = (_weight(module, op) for op in (conv, filter_))
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


def _weight(module: nn.Module, op: Conv) -> Tensor:
    weight = module.get_submodule(op.name).weight
    assert isinstance(weight, Tensor)
    return weight


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
    if layer.track_running_stats and layer.num_batches_tracked is not None:
        layer.num_batches_tracked.add_(1)
        momentum = 1 / int(layer.num_batches_tracked) if layer.momentum is None else layer.momentum
        torch.ops.mnv2.update_statistics(statistics, count, momentum, layer.running_mean, layer.running_var)


def _summed(result: tuple[Tensor, Tensor]) -> Value:
    return Value(result[0], sums=result[1])


def _value(x: Value | Tensor, storage: torch.dtype) -> Value:
    return x if isinstance(x, Value) else Value(x.to(storage, memory_format=torch.channels_last))


def plain(x: Value | Tensor) -> Tensor:
    """The float tensor that eager modules and people read."""
    return x.stored.to(torch.promote_types(x.stored.dtype, torch.float32)) if isinstance(x, Value) else x


def _pixels(x: Tensor) -> int:
    return x.numel() // x.shape[1]
