"""The torch module of each operation of a Plan."""

import torch
from torch import Tensor, nn
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
    Operation,
    Pool,
    Resize,
    Scale,
    Shift,
    Shuffle,
    Slice,
)


class Leaky(nn.LeakyReLU):
    """The leaky ReLU of Darknet, with slope 0.1 below 0."""

    def __init__(self) -> None:
        super().__init__(0.1)


ACTIVATIONS: dict[str, type[nn.Module]] = {
    "relu6": nn.ReLU6,
    "relu": nn.ReLU,
    "leaky_relu": Leaky,
    "hard_swish": nn.Hardswish,
    "silu": nn.SiLU,
    "hard_sigmoid": nn.Hardsigmoid,
    "sigmoid": nn.Sigmoid,
}


def operation_module(op: Operation) -> nn.Module:
    """A module that computes `op`: called with its inputs, (N, C, H, W) each, it returns its output."""
    match op:
        case Conv(one_sided=True):
            sizes = op.channels, op.shape[0], op.kernel, op.stride, 0, op.dilation, op.groups, op.bias
            return OneSided(*sizes)
        case Conv():
            return (Pointwise if op.kernel == 1 and op.groups == 1 and op.stride > 1 else nn.Conv2d)(
                op.channels,
                op.shape[0],
                op.kernel,
                op.stride,
                op.padding,
                op.dilation,
                op.groups,
                op.bias,
            )
        case Norm(groups=groups) if groups:
            return nn.GroupNorm(groups, op.shape[0])
        case Norm():
            return nn.BatchNorm2d(op.shape[0])
        case Length():
            return OverLength(op.shape[0])
        case Activation():
            return ACTIVATIONS[op.function]()
        case Add():
            return Sum()
        case Scale():
            return Product()
        case Concat():
            return Concatenation()
        case Slice():
            return Channels(op.first, op.first + op.shape[0])
        case Shuffle():
            return nn.ChannelShuffle(op.groups)
        case Fold():
            return nn.PixelUnshuffle(op.side)
        case Shift():
            return Moved()
        case Pool(kernel=0):
            return nn.AdaptiveAvgPool2d(1) if op.function == "mean" else nn.AdaptiveMaxPool2d(1)
        case Pool():
            pool = nn.AvgPool2d if op.function == "mean" else nn.MaxPool2d
            return pool(op.kernel, op.stride, (op.kernel - 1) // 2, ceil_mode=op.kernel % 2 == 0)
        case Resize():
            return nn.Upsample(op.shape[1:], mode="bilinear", align_corners=True)
        case Dropout():
            return nn.Dropout(op.rate)
        case Linear():
            return Scores(op.channels, op.shape[0])


class Pointwise(nn.Conv2d):
    """A 1 x 1 convolution with a stride: it reads every so many pixels.

    They are taken before it, because oneDNN's gradient of the weights writes past its memory where such a convolution
    has a stride and fewer than eight input channels (uxlfoundation/oneDNN, issue 6035).
    """

    def forward(self, input: Tensor) -> Tensor:
        """(N, C, H, W) -> (N, channels, H / stride, W / stride), both rounded up."""
        rows, columns = self.stride
        return functional.conv2d(input[:, :, ::rows, ::columns], self.weight, self.bias)


class OneSided(nn.Conv2d):
    """A convolution that pads as TensorFlow does: where the zeros of a side are odd, the odd one is below or right."""

    def forward(self, input: Tensor) -> Tensor:
        """(N, C, H, W) -> (N, channels, H / stride, W / stride), both rounded up."""
        sizes = zip(input.shape[2:], self.kernel_size, self.stride, self.dilation, strict=True)
        (top, bottom), (left, right) = (zeros(*each) for each in sizes)
        return super().forward(functional.pad(input, (left, right, top, bottom)))


def zeros(side: int, kernel: int, stride: int, dilation: int) -> tuple[int, int]:
    """Zeros before and after a side of so many pixels, as TensorFlow's "SAME" has them."""
    total = max((-(-side // stride) - 1) * stride + dilation * (kernel - 1) + 1 - side, 0)
    return total // 2, total - total // 2


class Sum(nn.Module):
    """The sum of two tensors."""

    def forward(self, first: Tensor, second: Tensor) -> Tensor:
        """`first + second`."""
        return first + second


class Product(nn.Module):
    """The product of a map and of a gate for each channel."""

    def forward(self, map: Tensor, gate: Tensor) -> Tensor:
        """(N, C, H, W), (N, C, 1, 1) -> (N, C, H, W)."""
        return map * gate


class OverLength(nn.Module):
    """Each pixel's channels over their length, times a weight for each channel, which starts at 20 (SSD)."""

    def __init__(self, channels: int):
        super().__init__()
        self.weight = nn.Parameter(torch.full((channels,), 20.0))

    def forward(self, input: Tensor) -> Tensor:
        """(N, C, H, W) -> (N, C, H, W)."""
        return functional.normalize(input) * self.weight[:, None, None]


class Moved(nn.Module):
    """A map moved by a pixel up and to the left."""

    def forward(self, input: Tensor) -> Tensor:
        """(N, C, H, W) -> (N, C, H, W)."""
        return functional.pad(input[:, :, 1:, 1:], (0, 1, 0, 1))


class Channels(nn.Module):
    """The channels from `first` to before `end`, a view of the input."""

    def __init__(self, first: int, end: int):
        super().__init__()
        self.first, self.end = first, end

    def forward(self, input: Tensor) -> Tensor:
        """(N, C, H, W) -> (N, end - first, H, W)."""
        return input[:, self.first : self.end]


class Concatenation(nn.Module):
    """Concatenation along the channels."""

    def forward(self, *tensors: Tensor) -> Tensor:
        """(N, sum of C, H, W)."""
        return torch.cat(tensors, dim=1)


class Scores(nn.Linear):
    """A fully connected layer on a 1 x 1 map."""

    def forward(self, input: Tensor) -> Tensor:
        """(N, C, 1, 1) -> (N, features)."""
        return super().forward(input.flatten(1))
