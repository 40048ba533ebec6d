"""Each operation's module computes it, at the shape that the Plan says."""

import pytest
import torch
from torch.nn import functional

from analysis.arch.plan import (
    Activation,
    Add,
    Concat,
    Conv,
    Dropout,
    Fold,
    Length,
    Linear,
    Norm,
    Pool,
    Resize,
    Scale,
    Shift,
    Shuffle,
    Slice,
)
from analysis.nn.operations import operation_module, zeros

X = (("x",), (4, 6, 6))


@pytest.mark.parametrize(
    "op",
    [
        Conv("c", ("x",), (8, 3, 3), 4, 3, 2, 1, 1, True),
        Conv("c", ("x",), (4, 6, 6), 4, 3, 1, 4, 2, False),
        Conv("c", ("x",), (8, 2, 2), 4, 3, 2, 1, 1, True, zeros=0),
        Conv("c", ("x",), (8, 5, 5), 4, 4, 1, 1, 1, True, zeros=1),
        Norm("n", *X),
        Norm("n", *X, 2),
        Length("l", *X),
        Slice("s", ("x",), (3, 6, 6), 1),
        Fold("f", ("x",), (16, 3, 3), 2),
        Shift("s", *X),
        Pool("p", ("x",), (4, 3, 3), "max", 2, 2, 36),
        Pool("p", ("x",), (4, 3, 3), "max", 1, 2, 36),
        Activation("a", *X, "hard_swish"),
        Shuffle("s", *X, 2),
        Pool("p", ("x",), (4, 1, 1), "mean", 0, 1, 36),
        Pool("p", ("x",), (4, 1, 1), "max", 0, 1, 36),
        Pool("p", ("x",), (4, 3, 3), "mean", 3, 2, 36),
        Pool("p", ("x",), (4, 3, 3), "max", 3, 2, 36),
        Resize("r", ("x",), (4, 9, 5)),
        Dropout("d", *X, 0.5),
    ],
    ids=lambda op: f"{type(op).__name__}-{op.shape}",
)
def test_a_result_has_the_shape_of_its_operation(op):
    assert operation_module(op)(torch.randn(2, 4, 6, 6)).shape == (2, *op.shape)


@pytest.mark.parametrize("stride", [2, 3])
@pytest.mark.parametrize("channels", [1, 4, 8])
def test_a_pointwise_convolution_with_a_stride_is_the_convolution_that_it_stands_for(channels, stride):
    module = operation_module(Conv("c", ("x",), (4, 3, 3), channels, 1, stride, 1, 1, True)).double()
    images = torch.randn(3, channels, 7, 8, dtype=torch.float64, requires_grad=True)
    wanted = functional.unfold(images, 1, stride=stride).transpose(1, 2) @ module.weight.flatten(1).T + module.bias
    made = module(images)
    assert made.shape == (3, 4, -(-7 // stride), -(-8 // stride))
    torch.testing.assert_close(made.flatten(2).transpose(1, 2), wanted)
    inputs = [images, module.weight, module.bias]
    for ours, theirs in zip(*(torch.autograd.grad(x.square().sum(), inputs) for x in (made, wanted)), strict=True):
        torch.testing.assert_close(ours, theirs)


def test_small_maps_of_few_channels_train_without_touching_other_memory():
    """oneDNN's own gradient of these weights ends the process, or lets it hang, after a few steps."""
    module = operation_module(Conv("c", ("x",), (4, 8, 8), 4, 1, 2, 1, 1, False)).to(memory_format=torch.channels_last)
    for _ in range(50):
        module(torch.randn(3, 4, 16, 16).to(memory_format=torch.channels_last)).square().sum().backward()
    assert module.weight.grad.isfinite().all()


def test_an_even_pooling_rounds_up_and_reads_no_zeros():
    x = torch.arange(-9.0, 0).view(1, 1, 3, 3)
    pool = operation_module(Pool("p", ("x",), (1, 2, 2), "max", 2, 2, 9))
    assert pool(x).flatten().tolist() == [-5, -4, -2, -1]


def test_a_shift_shows_the_pixels_between():
    x = torch.arange(1.0, 10).view(1, 1, 3, 3)
    moved = operation_module(Shift("s", ("x",), (1, 3, 3)))(x)
    assert moved.flatten().tolist() == [5, 6, 0, 8, 9, 0, 0, 0, 0]


def test_a_slice_is_a_view_of_its_channels():
    x = torch.randn(2, 4, 6, 6)
    part = operation_module(Slice("s", ("x",), (2, 6, 6), 1))(x)
    assert torch.equal(part, x[:, [1, 2]]) and part.untyped_storage().data_ptr() == x.untyped_storage().data_ptr()


def test_lengths_are_one_before_the_weights():
    module = operation_module(Length("l", *X))
    made = module(torch.randn(2, 4, 6, 6))
    torch.testing.assert_close(made.norm(dim=1), torch.full((2, 6, 6), 20.0))
    assert torch.equal(module.weight, torch.full((4,), 20.0))


def test_a_leaky_relu_has_the_slope_of_darknet():
    module = operation_module(Activation("a", ("x",), (2, 1, 1), "leaky_relu"))
    torch.testing.assert_close(module(torch.tensor([-2.0, 3.0])), torch.tensor([-0.2, 3.0]))


def test_operations_of_several_inputs_and_scores():
    x, y = torch.randn(2, 2, 4, 1, 1)
    assert torch.equal(operation_module(Add("a", ("x", "y"), (4, 1, 1)))(x, y), x + y)
    assert torch.equal(operation_module(Scale("s", ("x", "y"), (4, 1, 1)))(x, y), x * y)
    assert torch.equal(operation_module(Concat("c", ("x", "y"), (8, 1, 1)))(x, y), torch.cat([x, y], 1))
    linear = operation_module(Linear("l", ("x",), (3, 1, 1), 4))
    assert torch.allclose(linear(x), x.flatten(1) @ linear.weight.t() + linear.bias)


def test_a_shuffle_transposes_groups_and_a_pool_averages():
    x = torch.arange(4.0).view(1, 4, 1, 1)
    assert operation_module(Shuffle("s", ("x",), (4, 1, 1), 2))(x).flatten().tolist() == [0, 2, 1, 3]
    assert operation_module(Pool("p", ("x",), (1, 1, 1), "mean", 0, 1, 4))(x.view(1, 1, 2, 2)).item() == 1.5


@pytest.mark.parametrize(
    ("side", "kernel", "stride", "dilation", "expected"),
    [(224, 3, 2, 1, (0, 1)), (7, 3, 2, 1, (1, 1)), (8, 5, 2, 1, (1, 2)), (8, 3, 1, 2, (2, 2)), (4, 1, 2, 1, (0, 0))],
)
def test_one_sided_zeros_are_those_of_tensorflow(side, kernel, stride, dilation, expected):
    """Worked out by hand: out = ceil(side / stride), total = (out - 1) stride + reach - side, half of it before."""
    assert zeros(side, kernel, stride, dilation) == expected


@pytest.mark.parametrize("side", [8, 7])
def test_a_one_sided_convolution_reads_from_the_first_pixel_of_an_even_side(side):
    op = Conv("c", ("x",), (1, -(-side // 2), -(-side // 2)), 1, 3, 2, 1, 1, False, True)
    module = operation_module(op)
    torch.nn.init.ones_(module.weight)
    x = torch.arange(float(side * side)).view(1, 1, side, side)
    out = module(x)
    first = 0 if side % 2 == 0 else -1
    expected = x[0, 0, max(first, 0) : first + 3, max(first, 0) : first + 3].sum()
    assert out.shape[2:] == op.shape[1:] and float(out[0, 0, 0, 0]) == float(expected)
