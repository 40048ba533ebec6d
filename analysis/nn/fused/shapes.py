"""Shapes, types and layouts of the operators' results without computing them, for tracing and compiling."""

import torch
from torch import Tensor


def register() -> None:
    """Register the shapes of every operator's results with torch. The operators must be loaded."""
    for name, shape in SHAPES.items():
        torch.library.register_fake(f"mnv2::{name}", shape)


def _compute(like: Tensor) -> torch.dtype:
    return torch.float64 if like.dtype == torch.float64 else torch.float32


def _map(like: Tensor, *shape: int, dtype: torch.dtype | None = None) -> Tensor:
    return torch.empty(shape, dtype=dtype or like.dtype, device=like.device, memory_format=torch.channels_last)


def _sums(like: Tensor, rows: int, channels: int) -> Tensor:
    return like.new_empty((rows, channels), dtype=torch.float64)


def _weight(like: Tensor, weight: Tensor) -> Tensor:
    return torch.empty(weight.shape, dtype=_compute(like), device=like.device)


def _out(size: int, stride: int) -> int:
    return (size - 1) // stride + 1


def _filtered(x: Tensor, channels: int, stride: int, dtype: torch.dtype | None = None) -> tuple[Tensor, Tensor]:
    n, _, h, w = x.shape
    return _map(x, n, channels, _out(h, stride), _out(w, stride), dtype=dtype), _sums(x, 2, channels)


def _affine(z: Tensor, affine: Tensor | None) -> Tensor:
    return _sums(z, 2, z.shape[1] if affine is not None else 0)


def _pointwise(z, affine, activation, weight):
    return _filtered(z, weight.shape[0], 1)


def _pointwise_backward(z, affine, activation, weight, y, y_grad, sums_grad, z_needed):
    return _map(z, *(z.shape if z_needed else (0, 1, 1, 1))), _affine(z, affine), _weight(z, weight)


def _depthwise(z, affine, activation, weight, stride, dilation):
    return _filtered(z, z.shape[1], stride)


def _depthwise_backward(z, affine, activation, weight, stride, dilation, y, y_grad, sums_grad):
    return _map(z, *z.shape), _affine(z, affine), _weight(z, weight)


def _expand_depthwise(x, expand_weight, expand_bias, activation, weight, stride):
    return _filtered(x, weight.shape[0], stride)


def _expand_depthwise_backward(x, expand_weight, expand_bias, activation, weight, stride, y, y_grad, sums_grad):
    return _map(x, *x.shape), *(_weight(x, w) for w in (expand_weight, expand_bias, weight))


def _join(z, affine, activation, shortcut, joined_activation, with_moments):
    channels = z.shape[1]
    return _map(z, *z.shape), _sums(z, 1 + channels if with_moments else 0, channels)


def _join_backward(z, affine, activation, shortcut, joined_activation, x, x_grad, moments_grad):
    return (
        _map(z, *z.shape),
        _affine(z, affine),
        _map(z, *(z.shape if shortcut is not None else (0, 1, 1, 1))),
    )


def _pool(z, affine, activation):
    return z.new_empty((*z.shape[:2], 1, 1), dtype=_compute(z))


def _pool_backward(z, affine, activation, mean_grad):
    return _map(z, *z.shape), _affine(z, affine)


def _dense(image, weight, stride, storage):
    return _filtered(image, weight.shape[0], stride, storage)


def _dense_backward(image, weight, stride, y, y_grad, sums_grad):
    return _weight(y, weight)


def _norm(sums, gamma, beta, count, eps):
    return gamma.new_empty((2, *gamma.shape)), gamma.new_empty((2, *gamma.shape))


def _norm_backward(sums, gamma, count, eps, affine_grad):
    return torch.empty_like(sums), torch.empty_like(gamma), torch.empty_like(gamma)


def _norm_expansion(moments, weight, gamma, beta, count, eps):
    return weight.new_empty(weight.shape), torch.empty_like(gamma), gamma.new_empty((2, *gamma.shape))


def _norm_expansion_backward(moments, weight, gamma, count, eps, weight_grad, bias_grad):
    return (
        torch.empty_like(moments),
        weight.new_empty(weight.shape),
        torch.empty_like(gamma),
        torch.empty_like(gamma),
    )


def _update_statistics(statistics, count, momentum, running_mean, running_var, batches):
    return None


SHAPES = {
    name[1:]: shape
    for name, shape in list(globals().items())
    if name.startswith("_")
    and callable(shape)
    and name[1:2] != "_"
    and name not in {"_compute", "_map", "_sums", "_weight", "_out", "_filtered", "_affine"}
}
