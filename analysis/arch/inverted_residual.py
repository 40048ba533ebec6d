"""The block of Table 1 (arXiv:1801.04381): expand, filter depthwise, project to a linear bottleneck."""

from functools import lru_cache
from typing import NamedTuple

from analysis.arch.plan import Activation, Add, Body, Conv, Layer, Operation, Pool, Scale, Shape

PLACES = ("depthwise", "projection")
GATES = ("hard_sigmoid", "sigmoid")


class Squeeze(NamedTuple):
    """Squeeze-and-excitation: channels between its two layers, the functions after them, and where it is."""

    channels: int
    activation: str
    gate: str
    place: str


def inner_depth(t: float, channels: int, residual: bool) -> int:
    """Channels of the expanded tensor: round(t * channels), at least 1.

    At t = 0 it is 0 in a block with a shortcut, of which only the shortcut remains, and `channels` in any other block.
    """
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
    squeeze: Squeeze | None = None,
) -> Body:
    """The block of Table 1: expand x to `inner` channels, filter depthwise, project to `channels`.

    - `filtering`: kernel, stride and dilation of the depthwise convolution.
    - `functions`: the activation, and the function after the projection.
    - `residual`: the block's input is added to its output.
    - `join`: an input "identity" of the expanded shape is added to the tensor that enters the depthwise convolution.
    - `squeeze`: the result of the depthwise convolution or of the projection is scaled by gates, see `gated`.

    With `inner` = 0 the block is the identity.
    """
    (kernel, stride, dilation), (activation, projection) = filtering, functions
    inputs = {"x": x, "identity": (inner, *x[1:])} if join else {"x": x}
    if inner == 0:
        return Body("inverted_residual", inputs, (), "x", x)
    (c, h, w), y = x, "x"
    narrow = (channels, -(-h // stride), -(-w // stride))
    pieces: list[Layer | Operation] = []
    if inner != c:
        pieces.append(Layer("expand", "x", (inner, h, w), c, 1, 1, 1, 1, activation))
        y = "expand.activation"
    if join:
        pieces.append(Add("join", (y, "identity"), (inner, h, w)))
        y = "join"
    pieces.append(Layer("depthwise", y, (inner, *narrow[1:]), inner, kernel, stride, inner, dilation, activation))
    late = projection == "relu6_after_addition"
    after = "linear" if late else projection
    y = "depthwise.activation"
    if squeeze and squeeze.place == "depthwise":
        y = gated(pieces, y, (inner, *narrow[1:]), squeeze)
    pieces.append(Layer("project", y, narrow, inner, 1, 1, 1, 1, after))
    y = "project.norm" if after == "linear" else "project.activation"
    if squeeze and squeeze.place == "projection":
        y = gated(pieces, y, narrow, squeeze)
    if residual:
        pieces.append(Add("shortcut", ("x", y), narrow))
        y = "shortcut"
    if late:
        pieces.append(Activation("projection", (y,), narrow, "relu6"))
        y = "projection"
    return Body("inverted_residual", inputs, tuple(pieces), y, narrow)


def gated(pieces: list[Layer | Operation], source: str, shape: Shape, squeeze: Squeeze) -> str:
    """Append the scaling of a tensor of `shape` by gates and return the name of the result.

    The mean of each channel passes through two 1 x 1 convolutions with bias. The first has the squeeze's activation,
    the second its gate (arXiv:1709.01507, section 3; arXiv:1905.02244, section 5.3).
    """
    (c, h, w), (narrow, function, gate, _) = shape, squeeze
    pieces += [
        Pool("squeeze.pool", (source,), (c, 1, 1), "mean", 0, 1, h * w),
        Conv("squeeze.reduce", ("squeeze.pool",), (narrow, 1, 1), c, 1, 1, 1, 1, True),
        Activation("squeeze.activation", ("squeeze.reduce",), (narrow, 1, 1), function),
        Conv("squeeze.excite", ("squeeze.activation",), (c, 1, 1), narrow, 1, 1, 1, 1, True),
        Activation("squeeze.gate", ("squeeze.excite",), (c, 1, 1), gate),
        Scale("squeeze.scale", (source, "squeeze.gate"), shape),
    ]
    return "squeeze.scale"


def entry(body: Body) -> str:
    """The local name of the tensor that enters the depthwise convolution. In a block without one it is the input."""
    return next((op.inputs[0] for op in body.operations if op.name == "depthwise.conv"), "x")
