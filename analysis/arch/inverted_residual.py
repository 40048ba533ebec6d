"""The block of Table 1 (arXiv:1801.04381): expand, filter depthwise, project to a linear bottleneck."""

from functools import lru_cache
from typing import NamedTuple

from analysis.arch.plan import Activation, Add, Body, Conv, Layer, Operation, Pool, Scale, Shape

Pieces = list[Layer | Operation]

PLACES = ("depthwise", "projection")
GATES = ("hard_sigmoid", "sigmoid")


class Squeeze(NamedTuple):
    """Squeeze-and-excitation: channels between its two layers, the functions after them, and where it is."""

    channels: int
    activation: str
    gate: str
    place: str


class Bottleneck(NamedTuple):
    """What the block of Table 1 and the blocks that came after it have in common.

    - `inner`, `channels`: of the expanded tensor and of the result. With `inner` = 0 the block is the identity.
    - `filtering`: kernel, stride and dilation of the convolution that sees neighbours.
    - `functions`: the activation, and the function after the projection.
    - `residual`: the block's input is added to its output.
    - `squeeze`: the result of that convolution or of the projection is scaled by gates, see `gated`.
    """

    inner: int
    channels: int
    filtering: tuple[int, int, int]
    functions: tuple[str, str]
    residual: bool
    squeeze: Squeeze | None = None


def inner_depth(t: float, channels: int, residual: bool) -> int:
    """Channels of the expanded tensor: round(t * channels), at least 1.

    At t = 0 it is 0 in a block with a shortcut, of which only the shortcut remains, and `channels` in any other block.
    """
    if t == 0:
        return 0 if residual else channels
    return max(1, round(t * channels))


@lru_cache(maxsize=16384)
def inverted_residual(x: Shape, made: Bottleneck, join: bool = False) -> Body:
    """The block of Table 1: expand x to the inner channels, filter depthwise, project.

    `join`: an input "identity" of the expanded shape is added to the tensor that enters the depthwise convolution.
    """
    inner, channels, (kernel, stride, dilation), (activation, _), *_ = made
    inputs = {"x": x, "identity": (inner, *x[1:])} if join else {"x": x}
    if inner == 0:
        return Body("inverted_residual", inputs, (), "x", x)
    (c, h, w), y = x, "x"
    narrow = (channels, -(-h // stride), -(-w // stride))
    pieces: Pieces = []
    if inner != c:
        pieces.append(Layer("expand", "x", (inner, h, w), c, 1, 1, 1, 1, activation))
        y = "expand.activation"
    if join:
        pieces.append(Add("join", (y, "identity"), (inner, h, w)))
        y = "join"
    pieces.append(Layer("depthwise", y, (inner, *narrow[1:]), inner, kernel, stride, inner, dilation, activation))
    return projected("inverted_residual", inputs, pieces, "depthwise.activation", narrow, made)


def projected(kind: str, inputs: dict[str, Shape], pieces: Pieces, inner: str, narrow: Shape, made: Bottleneck) -> Body:
    """The block whose tensor `inner`, of the inner channels and the size of `narrow`, is projected to `narrow`."""
    y, squeeze, projection = inner, made.squeeze, made.functions[1]
    if squeeze and squeeze.place == "depthwise":
        y = gated(pieces, y, (made.inner, *narrow[1:]), squeeze)
    after = "linear" if projection == "relu6_after_addition" else projection
    pieces.append(Layer("project", y, narrow, made.inner, 1, 1, 1, 1, after))
    y = "project.norm" if after == "linear" else "project.activation"
    if squeeze and squeeze.place == "projection":
        y = gated(pieces, y, narrow, squeeze)
    return ended(kind, inputs, pieces, y, narrow, made.residual, projection)


def ended(
    kind: str, inputs: dict[str, Shape], pieces: Pieces, y: str, shape: Shape, residual: bool, projection: str
) -> Body:
    """The block with its shortcut, and what comes after the addition."""
    if residual:
        pieces.append(Add("shortcut", ("x", y), shape))
        y = "shortcut"
    if projection == "relu6_after_addition":
        pieces.append(Activation("projection", (y,), shape, "relu6"))
        y = "projection"
    return Body(kind, inputs, tuple(pieces), y, shape)


def gated(pieces: Pieces, source: str, shape: Shape, squeeze: Squeeze) -> str:
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
