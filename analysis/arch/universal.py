"""Blocks that came after MobileNetV2's: the fused one and the universal inverted bottleneck.

- Fused (EfficientNetV2, arXiv:2104.00298, section 3.2): one full convolution in place of expansion and filter.
- Universal (MobileNetV4, arXiv:2404.10518, section 3): a depthwise convolution before the expansion, one after it, both
  or none. With none it is a feed-forward network, with the first alone a ConvNext-like block.
"""

from functools import lru_cache

from analysis.arch.inverted_residual import Squeeze, gated
from analysis.arch.plan import Activation, Add, Body, Layer, Operation, Shape

Pieces = list[Layer | Operation]


@lru_cache(maxsize=4096)
def fused(
    x: Shape,
    inner: int,
    channels: int,
    filtering: tuple[int, int, int],
    functions: tuple[str, str],
    residual: bool,
    squeeze: Squeeze | None = None,
) -> Body:
    """A full convolution of x to `inner` channels, then a projection to `channels`. Arguments as `inverted_residual`.

    Where the inner channels are those of x, one convolution with activation makes `channels`, without projection.
    """
    (kernel, stride, dilation), (activation, projection) = filtering, functions
    if inner == 0:
        return Body("fused_residual", {"x": x}, (), "x", x)
    c, narrow = x[0], (channels, -(-x[1] // stride), -(-x[2] // stride))
    pieces: Pieces = []
    if inner == c:
        pieces.append(Layer("fused", "x", narrow, c, kernel, stride, 1, dilation, activation))
        y = "fused.activation"
        y = gated(pieces, y, narrow, squeeze) if squeeze else y
        return _ended("fused_residual", x, pieces, y, narrow, residual, "linear")
    wide = (inner, *narrow[1:])
    pieces.append(Layer("fused", "x", wide, c, kernel, stride, 1, dilation, activation))
    return _projected("fused_residual", x, pieces, "fused.activation", wide, narrow, projection, residual, squeeze)


@lru_cache(maxsize=4096)
def universal(
    x: Shape,
    start: int,
    inner: int,
    channels: int,
    filtering: tuple[int, int, int],
    functions: tuple[str, str],
    residual: bool,
    squeeze: Squeeze | None = None,
) -> Body:
    """`inverted_residual` with a depthwise convolution of kernel `start` before the expansion, 0 for none.

    Kernel 0 in `filtering` leaves the other one out. The stride is of the last one there is. The first has a norm and
    no activation.
    """
    (kernel, stride, dilation), (activation, projection) = filtering, functions
    if inner == 0:
        return Body("universal_residual", {"x": x}, (), "x", x)
    (c, h, w), y = x, "x"
    narrow = (channels, -(-h // stride), -(-w // stride))
    pieces: Pieces = []
    if start:
        first = 1 if kernel else stride
        h, w = -(-h // first), -(-w // first)
        pieces.append(Layer("start", "x", (c, h, w), c, start, first, c, dilation, "linear"))
        y = "start.norm"
    if inner != c:
        pieces.append(Layer("expand", y, (inner, h, w), c, 1, 1, 1, 1, activation))
        y = "expand.activation"
    wide = (inner, *narrow[1:])
    if kernel:
        pieces.append(Layer("depthwise", y, wide, inner, kernel, stride, inner, dilation, activation))
        y = "depthwise.activation"
    return _projected("universal_residual", x, pieces, y, wide, narrow, projection, residual, squeeze)


def _projected(
    kind: str,
    x: Shape,
    pieces: Pieces,
    y: str,
    wide: Shape,
    narrow: Shape,
    projection: str,
    residual: bool,
    squeeze: Squeeze | None,
) -> Body:
    """The block whose inner tensor `y`, of shape `wide`, is projected to the shape `narrow`."""
    if squeeze and squeeze.place == "depthwise":
        y = gated(pieces, y, wide, squeeze)
    after = "linear" if projection == "relu6_after_addition" else projection
    pieces.append(Layer("project", y, narrow, wide[0], 1, 1, 1, 1, after))
    y = "project.norm" if after == "linear" else "project.activation"
    if squeeze and squeeze.place == "projection":
        y = gated(pieces, y, narrow, squeeze)
    return _ended(kind, x, pieces, y, narrow, residual, projection)


def _ended(kind: str, x: Shape, pieces: Pieces, y: str, shape: Shape, residual: bool, projection: str) -> Body:
    """The block with its shortcut, and what comes after the addition."""
    if residual:
        pieces.append(Add("shortcut", ("x", y), shape))
        y = "shortcut"
    if projection == "relu6_after_addition":
        pieces.append(Activation("projection", (y,), shape, "relu6"))
        y = "projection"
    return Body(kind, {"x": x}, tuple(pieces), y, shape)
