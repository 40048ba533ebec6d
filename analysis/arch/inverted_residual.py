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
    inner: int,
    channels: int,
    filtering: tuple[int, int, int],
    functions: tuple[str, str],
    residual: bool,
    join: bool,
) -> Body:
    """The block of Table 1: from x to `inner` channels, filter depthwise, down to `channels`.

    `filtering`: kernel, stride, dilation of the depthwise convolution. `functions`: activation, projection.
    `residual` adds the block's input to its output; `join` adds an `identity` of the expanded shape to the
    tensor that enters the depthwise convolution. Inner depth 0 is the identity.
    """
    (kernel, stride, dilation), (activation, projection) = filtering, functions
    sketch = BodySketch(x=x, **({"identity": (inner, *x[1:])} if join else {}))
    if inner == 0:
        return sketch.body("inverted_residual", "x")
    y = "x" if inner == x[0] else sketch.conv_norm("expand", "x", inner, 1, 1, 1, 1, activation)
    if join:
        y = sketch.add("join", y, "identity")
    y = sketch.conv_norm("depthwise", y, inner, kernel, stride, inner, dilation, activation)
    late = projection == "relu6_after_addition"
    y = sketch.conv_norm("project", y, channels, 1, 1, 1, 1, "linear" if late else projection)
    if residual:
        y = sketch.add("shortcut", "x", y)
    if late:
        y = sketch.activation("projection", y, "relu6")
    return sketch.body("inverted_residual", y)


def entry(body: Body) -> str:
    """Local name of the tensor that enters the depthwise convolution of an inverted residual."""
    return next(op.inputs[0] for op in body.operations if op.name == "depthwise.conv")
