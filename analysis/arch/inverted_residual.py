"""The block of Table 1 (arXiv:1801.04381): expand, filter depthwise, project to a linear bottleneck."""

from functools import lru_cache

from analysis.arch.plan import Body, Shape
from analysis.arch.sketch import BodySketch


def inner_depth(t: float, channels: int, residual: bool) -> int:
    """Channels of the expanded tensor: round(t * channels), at least 1; t = 0 keeps only the shortcut."""
    if t == 0:
        return 0 if residual else channels
    return max(1, round(t * channels))


@lru_cache(maxsize=16384)
def inverted_residual(
    x: Shape,
    channels: int,
    inner: int,
    stride: int,
    dilation: int,
    kernel: int,
    activation: str,
    projection: str,
    residual: bool,
    join: bool,
) -> Body:
    """The block of Table 1: expand, filter depthwise, project.

    `residual` adds the block's input to its output; `join` adds an `identity` of the expanded shape to the
    tensor that enters the depthwise convolution. Inner depth 0 is the identity.
    """
    sketch = BodySketch(x=x, **({"identity": (inner, *x[1:])} if join else {}))
    if inner == 0:
        return sketch.body("inverted_residual", "x")
    y = "x" if inner == x[0] else sketch.conv_norm("expand", "x", inner, activation=activation)
    if join:
        y = sketch.add("join", y, "identity")
    y = sketch.conv_norm("depthwise", y, inner, kernel, stride, inner, dilation, activation)
    if projection == "relu6_after_addition":
        y = sketch.conv_norm("project", y, channels)
        y = sketch.add("shortcut", "x", y) if residual else y
        y = sketch.activation("projection", y, "relu6")
    else:
        y = sketch.conv_norm("project", y, channels, activation=projection)
        y = sketch.add("shortcut", "x", y) if residual else y
    return sketch.body("inverted_residual", y)


def entry(body: Body) -> str:
    """Local name of the tensor that enters the depthwise convolution of an inverted residual."""
    return next(op.inputs[0] for op in body.operations if op.name == "depthwise.conv")
