"""Blocks that came after MobileNetV2's: the fused one and the universal inverted bottleneck.

- Fused (EfficientNetV2, arXiv:2104.00298, section 3.2): one full convolution in place of expansion and filter.
- Universal (MobileNetV4, arXiv:2404.10518, section 3): a depthwise convolution before the expansion, one after it, both
  or none. With none it is a feed-forward network, with the first alone a ConvNext-like block.
"""

from functools import lru_cache

from analysis.arch.inverted_residual import Bottleneck, Pieces, ended, gated, projected
from analysis.arch.plan import Body, Layer, Shape


@lru_cache(maxsize=4096)
def fused(x: Shape, made: Bottleneck) -> Body:
    """A full convolution of x to the inner channels, then a projection.

    Where the inner channels are those of x, one convolution with activation makes the result, without projection.
    """
    inner, channels, (kernel, stride, dilation), (activation, _), residual, squeeze = made
    kind, inputs, pieces = "fused_residual", {"x": x}, Pieces()
    if inner == 0:
        return Body(kind, inputs, (), "x", x)
    c, narrow = x[0], (channels, -(-x[1] // stride), -(-x[2] // stride))
    shape = narrow if inner == c else (inner, *narrow[1:])
    pieces.append(Layer("fused", "x", shape, c, kernel, stride, 1, dilation, activation))
    y = "fused.activation"
    if inner != c:
        return projected(kind, inputs, pieces, y, narrow, made)
    y = gated(pieces, y, narrow, squeeze) if squeeze else y
    return ended(kind, inputs, pieces, y, narrow, residual, "linear")


@lru_cache(maxsize=4096)
def universal(x: Shape, start: int, made: Bottleneck) -> Body:
    """`inverted_residual` with a depthwise convolution of kernel `start` before the expansion, 0 for none.

    Kernel 0 in `filtering` leaves the other one out. The stride is of the last one there is. The first has a norm and
    no activation.
    """
    inner, channels, (kernel, stride, dilation), (activation, _), *_ = made
    kind, inputs, pieces = "universal_residual", {"x": x}, Pieces()
    if inner == 0:
        return Body(kind, inputs, (), "x", x)
    (c, h, w), y = x, "x"
    narrow = (channels, -(-h // stride), -(-w // stride))
    if start:
        first = 1 if kernel else stride
        h, w = -(-h // first), -(-w // first)
        pieces.append(Layer("start", "x", (c, h, w), c, start, first, c, dilation, "linear"))
        y = "start.norm"
    if inner != c:
        pieces.append(Layer("expand", y, (inner, h, w), c, 1, 1, 1, 1, activation))
        y = "expand.activation"
    if kernel:
        wide = (inner, *narrow[1:])
        pieces.append(Layer("depthwise", y, wide, inner, kernel, stride, inner, dilation, activation))
        y = "depthwise.activation"
    return projected(kind, inputs, pieces, y, narrow, made)
