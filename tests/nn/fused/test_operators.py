"""Every operator against torch in float64: results and all gradients, on random shapes and storage types, on tiles and
off them where there are any. `test_tiles` runs these tests again on emulated ones."""

import functools

import pytest
import torch
import torch.nn.functional as F
from hypothesis import given, settings
from hypothesis import strategies as st
from maps import EMULATED, STORAGE, maps, on_and_off_tiles, weights

# Relative to the norm of the tensor. bfloat16 rounds once to 2^-9, and its gradients once more. Emulated kernels round
# both operands of products as well.
TOLERANCE = {torch.float64: 1e-11, torch.float32: 2e-5, torch.bfloat16: 2**-6 if EMULATED else 2**-7}

shapes = st.tuples(st.integers(1, 3), st.sampled_from([1, 3, 8, 16, 20, 48]), st.integers(1, 11), st.integers(1, 11))
outputs = st.sampled_from([1, 5, 8, 16, 24, 33, 64])
steps = st.sampled_from([(1, 1), (2, 1), (1, 2), (1, 4)])  # stride, dilation
activations = st.integers(0, 3)
storages = st.sampled_from(STORAGE)
quick = settings(max_examples=25, deadline=None, derandomize=True)


ACTIVATIONS = (lambda u: u, F.relu, F.relu6, F.hardswish)


def lazy(z, affine, activation):
    if affine is not None:
        z = z * affine[0].view(1, -1, 1, 1) + affine[1].view(1, -1, 1, 1)
    return ACTIVATIONS[activation](z)


def summed(y):
    return y, torch.stack([y.sum((0, 2, 3)), (y * y).sum((0, 2, 3))])


def torch_pointwise(z, affine, weight, activation):
    return summed(F.conv2d(lazy(z, affine, activation), weight))


def torch_depthwise(z, affine, weight, activation, stride, dilation):
    padding = weight.shape[2] // 2 * dilation
    return summed(F.conv2d(lazy(z, affine, activation), weight, None, stride, padding, dilation, len(weight)))


def torch_expand_depthwise(x, expand_weight, bias, weight, activation, stride):
    e = ACTIVATIONS[activation](F.conv2d(x, expand_weight, bias))
    return summed(F.conv2d(e, weight, None, stride, weight.shape[2] // 2, 1, len(weight)))


def torch_join(z, affine, shortcut, activation, outer):
    x = lazy(z, affine, activation)
    x = ACTIVATIONS[outer](x if shortcut is None else x + shortcut)
    pixels = x.transpose(0, 1).flatten(1)
    return x, torch.cat([pixels.sum(1)[None], pixels @ pixels.t()])


def torch_pool(z, affine, activation):
    return (lazy(z, affine, activation).mean((2, 3), keepdim=True),)


def torch_dense(image, weight, stride):
    return summed(F.conv2d(image, weight, None, stride, weight.shape[2] // 2))


def expansion_weights(shape, dtype, activation):
    """Weights of an expansion. Products may round them, and a value near a kink of the activation then has another
    slope: that is the derivative of what was computed, but not the reference's. So they are round where it has kinks.
    """
    values = weights(shape, dtype)
    return values.bfloat16().to(values.dtype) if dtype == torch.bfloat16 and activation else values


def compare(fused, reference, inputs, storage):
    """Results and gradients of `fused` and of `reference`, which runs in float64 on the same values."""
    rs = [x if x is None else x.double().requires_grad_() for x in inputs]
    expected = reference(*rs)
    weighted = [
        maps((1, 1, 1, b.numel()), storage, seed=9).double().view(b.shape) * (1.0 if i == 0 else 0.01)
        for i, b in enumerate(expected)
    ]
    want = torch.autograd.grad(_total(expected, weighted), [r for r in rs if r is not None])
    for _ in on_and_off_tiles():
        xs = [x if x is None else x.clone().requires_grad_() for x in inputs]
        results = fused(*xs)
        got = torch.autograd.grad(_total(results, weighted), [x for x in xs if x is not None])
        for a, b in zip((*results, *got), (*expected, *want), strict=True):
            assert a.shape == b.shape
            error = (a.detach().double() - b.detach()).norm()
            # Terms are about 1: what they lose when rounded to bfloat16 stays where their sum cancels.
            least = (0.25 if EMULATED else 0.05) * b.numel() ** 0.5 if storage == torch.bfloat16 else 1e-3
            assert error <= TOLERANCE[storage] * (b.detach().norm() + least)


def _total(results, weighted):
    return sum((a.double() * g).sum() for a, g in zip(results, weighted, strict=True))


@quick
@given(shapes, outputs, activations, st.booleans(), storages)
def test_pointwise(shape, k, activation, affine, storage):
    inputs = [maps(shape, storage), weights((2, shape[1]), storage) if affine else None]
    compare(
        lambda z, a, w: torch.ops.mnv2.pointwise(z, a, activation, w),
        functools.partial(torch_pointwise, activation=activation),
        [*inputs, weights((k, shape[1], 1, 1), storage, 2)],
        storage,
    )


@quick
@given(shapes, st.sampled_from([3, 5, 7]), steps, activations, st.booleans(), storages)
def test_depthwise(shape, kernel, step, activation, affine, storage):
    stride, dilation = step
    shape = *shape[:2], shape[2] * dilation, shape[3] * dilation  # a dilation divides the map
    inputs = [maps(shape, storage), weights((2, shape[1]), storage) if affine else None]
    compare(
        lambda z, a, w: torch.ops.mnv2.depthwise(z, a, activation, w, stride, dilation),
        functools.partial(torch_depthwise, activation=activation, stride=stride, dilation=dilation),
        [*inputs, weights((shape[1], 1, kernel, kernel), storage, 2)],
        storage,
    )


@quick
@given(shapes, outputs, st.sampled_from([3, 5, 7]), st.sampled_from([1, 2]), activations, storages)
def test_expand_depthwise(shape, expanded, kernel, stride, activation, storage):
    compare(
        lambda x, e, b, w: torch.ops.mnv2.expand_depthwise(x, e, b, activation, w, stride),
        functools.partial(torch_expand_depthwise, activation=activation, stride=stride),
        [
            maps(shape, storage),
            expansion_weights((expanded, shape[1], 1, 1), storage, activation),
            weights((expanded,), storage, 2),
            weights((expanded, 1, kernel, kernel), storage, 3),
        ],
        storage,
    )


@pytest.mark.parametrize("storage", STORAGE)
@pytest.mark.parametrize("stride", [1, 2])
@pytest.mark.parametrize("activation", [0, 2])
@pytest.mark.parametrize("shape", [(1, 3, 21, 13), (2, 8, 31, 9), (1, 20, 5, 131)])
def test_expand_depthwise_in_several_strips(shape, activation, stride, storage):
    compare(
        lambda x, e, b, w: torch.ops.mnv2.expand_depthwise(x, e, b, activation, w, stride),
        functools.partial(torch_expand_depthwise, activation=activation, stride=stride),
        [
            maps(shape, storage),
            expansion_weights((33, shape[1], 1, 1), storage, activation),
            weights((33,), storage, 2),
            weights((33, 1, 3, 3), storage, 3),
        ],
        storage,
    )


@quick
@given(shapes, activations, st.booleans(), st.booleans(), activations, storages)
def test_join(shape, activation, affine, shortcut, outer, storage):
    compare(
        lambda z, a, s: torch.ops.mnv2.join(z, a, activation, s, outer, True),
        functools.partial(torch_join, activation=activation, outer=outer),
        [
            maps(shape, storage),
            weights((2, shape[1]), storage) if affine else None,
            maps(shape, storage, 5) if shortcut else None,
        ],
        storage,
    )


@quick
@given(shapes, activations, st.booleans(), storages)
def test_pool(shape, activation, affine, storage):
    compare(
        lambda z, a: (torch.ops.mnv2.pool(z, a, activation),),
        functools.partial(torch_pool, activation=activation),
        [maps(shape, storage), weights((2, shape[1]), storage) if affine else None],
        storage,
    )


@quick
@given(shapes, outputs, st.sampled_from([1, 3, 5]), st.sampled_from([1, 2, 3]), st.booleans(), storages)
def test_dense(shape, k, kernel, stride, channels_last, storage):
    image = weights((shape[0], 3, *shape[2:]), storage)
    image = image.contiguous(memory_format=torch.channels_last) if channels_last else image
    compare(
        lambda w: torch.ops.mnv2.dense(image, w, stride, storage),
        lambda w: torch_dense(image.double(), w, stride),
        [weights((k, 3, kernel, kernel), storage, 2)],
        storage,
    )


def samples(storage=torch.float64):
    """One small call of each operator."""
    z, affine = maps((2, 5, 4, 3), storage), weights((2, 5), storage)
    w, filters = weights((6, 5, 1, 1), storage, 2), weights((5, 1, 3, 3), storage, 3)
    sums, gamma = torch.stack([torch.arange(5.0), torch.arange(5.0) ** 2 + 3]).double(), weights((5,), torch.float64)
    moments = torch_join(z.double(), None, None, 0, 0)[1]
    return {
        "pointwise": (z, affine, 3, w),
        "depthwise": (z, affine, 3, filters, 2, 1),
        "expand_depthwise": (z, w, weights((6,), storage), 3, weights((6, 1, 3, 3), storage, 3), 1),
        "join": (z, affine, 3, maps(z.shape, storage, 4), 0, True),
        "pool": (z, affine, 3),
        "dense": (z.to(weights((1,), storage).dtype), weights((6, 5, 3, 3), storage), 2, storage),
        "norm": (sums, gamma, gamma + 1, 7, 1e-5),
        "norm_expansion": (moments, w, *(weights((6,), torch.float64, i) for i in (1, 2)), 24, 1e-5),
    }


def trainable(name, arguments):
    """`arguments` with gradients asked of every float tensor but the image of a dense convolution."""
    return tuple(
        a.clone().requires_grad_() if isinstance(a, torch.Tensor) and not (name == "dense" and i == 0) else a
        for i, a in enumerate(arguments)
    )


@pytest.mark.parametrize("name", samples())
def test_gradients_of_the_float64_build(name):
    operator = getattr(torch.ops.mnv2, name)
    assert torch.autograd.gradcheck(operator, trainable(name, samples()[name]))


@pytest.mark.parametrize("name", samples())
def test_registration(name):
    torch.library.opcheck(getattr(torch.ops.mnv2, name).default, trainable(name, samples(STORAGE[0])[name]))


@pytest.mark.parametrize("name", ["pointwise", "expand_depthwise"])
def test_not_a_number_passes_through(name):
    arguments = list(samples()[name])
    for storage in STORAGE:
        for activation in range(4):
            z = arguments[0].to(storage).index_fill(0, torch.tensor([1]), float("nan"))
            at = 2 if name == "pointwise" else 3
            rest = [a.to(weights((1,), storage).dtype) if isinstance(a, torch.Tensor) else a for a in arguments[1:]]
            rest[at - 1] = activation
            y, sums = getattr(torch.ops.mnv2, name)(z, *rest)
            assert y[1].isnan().all()
            assert sums.isnan().all()
            assert not y[0].isnan().any()
