"""MobileNetV2 (arXiv:1801.04381): inverted residuals with linear bottlenecks.

A block (Table 1) expands its input t-fold by a 1 x 1 convolution, filters depthwise, and projects back to a
narrow tensor without a non-linearity. The identity connects narrow tensors.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from heapq import merge
from itertools import dropwhile
from math import prod
from typing import ClassVar

from analysis.arch import checks
from analysis.arch.blocks import classifier, identity, pointwise, stem
from analysis.arch.channels import scale, square, thresholds
from analysis.arch.inverted_residual import GATES, PLACES, Squeeze, entry, inner_depth, inverted_residual
from analysis.arch.padding import PADDINGS, padded
from analysis.arch.plan import Plan, Shape
from analysis.arch.rows import IDENTITY, Rows, Stage, T, check, shortest, squeeze_of, stage
from analysis.arch.sketch import PlanSketch
from analysis.arch.text import LATER, Stated
from analysis.problem import Problem

# Table 2: expansion t, channels c, repeats n, stride s of the first repeat.
TABLE_2 = (
    (1, 16, 1, 1),
    (T, 24, 2, 2),
    (T, 32, 3, 2),
    (T, 64, 4, 2),
    (T, 96, 3, 1),
    (T, 160, 3, 2),
    (T, 320, 1, 1),
)

PROJECTIONS = ("linear", "relu6", "relu", "relu6_after_addition")
SHORTCUTS = ("bottleneck", "expansion", "expansion_after_depthwise", "bottleneck_matched", "none")
ACTIVATIONS = ("relu6", "relu", "hard_swish", "silu")
SQUEEZED = ("inner", "input")
# The tensor at which an identity between expanded tensors starts. It ends at the input of the next block's depthwise
# convolution.
DEPARTURES = {"expansion": entry, "expansion_after_depthwise": lambda _: "depthwise.activation"}
LAST_WIDTHS = ("at_least_one", "scaled", "fixed")


@dataclass(frozen=True)
class MobileNetV2(Stated):
    """The choices that define a MobileNetV2. The defaults are the paper's.

    - `width`: multiplier of every layer's channels. `resolution`: input side in pixels, or (height, width).
    - `expansion`: t of every row that does not state its own. A block whose inner depth round(t * channels) equals
      its channels has no expansion convolution, as in the first row. At 0 only a block's shortcut remains (section
      3.4). A block that changes shape has no shortcut and is then a plain separable convolution.
    - `projection`: the function after the projection. "relu6" and "relu" act before the addition,
      "relu6_after_addition" acts after it.
    - `shortcut`: the tensors that the identity connects, where their shapes agree.
      "bottleneck": a block's input and output (section 3.3).
      "expansion": the tensor that enters a block's depthwise convolution and the one that enters the next block's.
      It skips the same three convolutions as a bottleneck shortcut, half a block later, so only its position differs.
      This makes it the default reading of Figure 6b. It costs no multiply-adds and no parameters. The last block
      has no next block and therefore no identity.
      "expansion_after_depthwise": the other reading of Figure 6b. The identity starts after the depthwise
      convolution and skips only the two 1 x 1 convolutions.
      "bottleneck_matched": a control, with bottleneck shortcuts only in the blocks that have an identity under
      "expansion".
      "none": no identity.
    - `activation`: after every convolution except the projection. `kernel`: side of the depthwise kernel.
    - `rounding`: of scaled channels, see `channels.scale`. `last_width`: how the multiplier applies to the last
      convolution: "at_least_one" (never narrower than `last`, section 4), "scaled" or "fixed".
    - `rows`: (t, c, n, s) as in Table 2, see `rows` for what a row may state besides: (t, c, n, s, kernel, activation)
      or ("identity", c, n, s). `stem`, `stem_stride`: channels and stride of the convolution before them. `last`:
      channels of the convolution after them.
    - `features`: stages, counted from 0, whose results a backbone returns instead of class scores. The last stage
      includes the last convolution.
    - `padding`: zeros of the strided convolutions, "symmetric" or "one_sided". The authors' networks, trained in
      TensorFlow, have "one_sided": see `padding`. It costs nothing.
    - `squeeze`: squeeze-and-excitation in every block whose row states no ratio of its own, 0 for none. `squeezed`:
      what the ratio multiplies. "inner": the inner channels, rounded as channels are to a multiple of 8 (MobileNetV3).
      "input": the block's input channels, the whole part (EfficientNet). `squeeze_activation`, `gate`: functions after
      its two layers. `squeeze_place`: after the depthwise convolution, or after the projection and before the addition.
    - `hidden`: features of a linear layer before the class scores, with `activation`. 0: there is none.

    Raises:
        Problem: a value that its axis does not allow.
    """

    width: float = 1.0
    resolution: int | tuple[int, int] = 224
    expansion: float = 6.0
    projection: str = "linear"
    shortcut: str = "bottleneck"
    activation: str = "relu6"
    kernel: int = 3
    rounding: int | str = 8
    last_width: str = "at_least_one"
    rows: Rows = TABLE_2
    stem: int = 32
    stem_stride: int = 2
    last: int = 1280
    classes: int = 1000
    dropout: float = 0.0
    features: tuple[int, ...] = ()
    padding: str = field(default="symmetric", metadata=LATER)
    squeeze: float = field(default=0.0, metadata=LATER)
    squeezed: str = field(default="inner", metadata=LATER)
    squeeze_activation: str = field(default="relu", metadata=LATER)
    gate: str = field(default="hard_sigmoid", metadata=LATER)
    squeeze_place: str = field(default="depthwise", metadata=LATER)
    hidden: int = field(default=0, metadata=LATER)

    family: ClassVar[str] = "mobilenet_v2"

    def __post_init__(self) -> None:
        checks.number("width", self.width, 0, above=True)
        checks.number("expansion", self.expansion, 0)
        checks.choice("projection", self.projection, PROJECTIONS)
        checks.choice("shortcut", self.shortcut, SHORTCUTS)
        checks.choice("activation", self.activation, ACTIVATIONS)
        checks.choice("last_width", self.last_width, LAST_WIDTHS)
        checks.choice("padding", self.padding, PADDINGS)
        checks.number("squeeze", self.squeeze, 0)
        checks.choice("squeezed", self.squeezed, SQUEEZED)
        checks.choice("squeeze_activation", self.squeeze_activation, ACTIVATIONS)
        checks.choice("gate", self.gate, GATES)
        checks.choice("squeeze_place", self.squeeze_place, PLACES)
        checks.whole("hidden", self.hidden, 0)
        checks.odd("kernel", self.kernel)
        for axis in ("stem", "stem_stride", "last", "classes"):
            checks.whole(axis, getattr(self, axis), 1)
        checks.number("dropout", self.dropout, 0, 0.99)
        check(self.rows, ACTIVATIONS)
        if any(stage not in range(len(self.rows)) for stage in self.features):
            raise Problem(f"features {self.features} are not stages 0 to {len(self.rows) - 1}")
        # One network has one text: numbers have one type, and a row leaves out what it has in common with the variant.
        rows = tuple(shortest(row, self.expansion, self.kernel, self.activation, self.squeeze) for row in self.rows)
        for axis, value in (
            ("width", float(self.width)),
            ("expansion", float(self.expansion)),
            ("rows", rows),
            ("squeeze", float(self.squeeze)),
        ):
            object.__setattr__(self, axis, value)
        if self.shortcut != "bottleneck":
            expansions = [row[0] for row in self.stages]
            if 0 in expansions:
                raise Problem(f"expansion 0 keeps only the shortcut: use shortcut='bottleneck', not {self.shortcut!r}")
            if IDENTITY in expansions and self.shortcut != "none":
                raise Problem(
                    f"shortcut {self.shortcut!r} connects expanded tensors, and an identity row has none: use "
                    "shortcut='bottleneck' or 'none'"
                )

    @property
    def size(self) -> tuple[int, int]:
        """Height and width of the input in pixels."""
        return square(self.resolution)

    @property
    def stages(self) -> tuple[Stage, ...]:
        """The rows as (t, c, n, s, kernel, activation), with the variant's values where a row has none of its own."""
        expansion, kernel, activation = self.expansion, self.kernel, self.activation
        return tuple([stage(row, expansion, kernel, activation) for row in self.rows])

    @property
    def strides(self) -> tuple[int, ...]:
        """The stride of each row."""
        return tuple([row[3] for row in self.rows])

    @property
    def stride(self) -> int:
        """Total stride of the network."""
        return self.stem_stride * prod(self.strides)

    def channels(self, base: int) -> int:
        """Channels of a layer that has `base` channels at width 1."""
        return scale(base, self.width, self.rounding)

    def excitation(self, ratio: float, inner: int, x: int) -> Squeeze | None:
        """Squeeze-and-excitation of a block with `inner` inner and `x` input channels. At ratio 0 there is none."""
        if not ratio:
            return None
        channels = scale(inner, ratio) if self.squeezed == "inner" else max(1, int(x * ratio))
        return Squeeze(channels, self.squeeze_activation, self.gate, self.squeeze_place)

    @property
    def last_channels(self) -> int:
        """Channels of the last convolution."""
        width = {"at_least_one": max(1.0, self.width), "scaled": self.width, "fixed": 1.0}[self.last_width]
        return scale(self.last, width, self.rounding)

    def width_steps(self) -> Iterator[float]:
        """Widths at which the channels of a layer change, in ascending order."""
        steps = [thresholds(c, self.rounding) for c in {self.stem, *(row[1] for row in self.rows)}]
        if self.last_width != "fixed":
            least = 1.0 if self.last_width == "at_least_one" else 0.0
            steps.append(dropwhile(lambda width: width <= least, thresholds(self.last, self.rounding)))
        return merge(*steps)

    def unroll(self) -> Plan:
        """The Plan of the classifier, or of the backbone if there are `features`."""
        checks.resolution(self.size, self.stride)
        sketch = PlanSketch((3, *self.size))
        stages = add_trunk(sketch, self)
        stages[-1] = add_last(sketch, self)
        if self.features:
            plan = sketch.plan(*(stages[i] for i in self.features)).ending_at(stages[max(self.features)])
            return padded(plan, self.padding)
        sketch.block("head", classifier(sketch.shape, self.classes, self.dropout, self.hidden, self.activation))
        return padded(sketch.plan(), self.padding)


def add_trunk(sketch: PlanSketch, v: MobileNetV2, output_stride: int | None = None) -> list[str]:
    """Append the stem and the bottlenecks, and return the names of the stages' results.

    Strides that would take the total beyond `output_stride` become dilation of the blocks after them (section 6.3).
    """
    sketch.block("stem", stem(sketch.image, v.channels(v.stem), v.stem_stride, v.activation))
    results: list[str] = []
    leaves: tuple[str, Shape] | None = None  # the tensor where an expansion shortcut starts
    stride, dilation = v.stem_stride, 1
    residuals = v.shortcut in ("bottleneck", "bottleneck_matched")
    index, unmatched = 0, sum(row[2] for row in v.rows) if v.shortcut == "bottleneck_matched" else 0
    x, inner, residual = sketch.shape, 0, False
    for row, (t, c, n, s, kernel, activation) in zip(v.rows, v.stages, strict=True):
        ratio = squeeze_of(row, v.squeeze)
        channels = v.channels(c)
        dilate = output_stride is not None and stride * s > output_stride
        filtering, functions = (kernel, 1 if dilate else s, dilation), (activation, v.projection)
        if dilate:
            dilation *= s
        else:
            stride *= s
        if t == IDENTITY:
            changes = s > 1 or sketch.shape[0] != channels
            for repeat in range(n):
                index += 1
                sketch.block(f"identity{index}", identity(sketch.shape, channels, filtering[1], changes and not repeat))
            results.append(sketch.last)
            continue
        for repeat in range(n):
            index += 1
            if repeat < 2:  # further repeats are like the second
                x = sketch.shape
                residual = residuals and x[0] == channels and (repeat == 1 or s == 1)
                inner = inner_depth(t, x[0], residual)
            if repeat == 1:
                filtering = kernel, 1, dilation
            if index == unmatched:
                residual = False
            squeeze = v.excitation(ratio, inner, x[0]) if ratio else None
            enters = leaves[0] if leaves and leaves[1] == (inner, *x[1:]) else None
            body = inverted_residual(x, inner, channels, filtering, functions, residual, enters is not None, squeeze)
            block = sketch.block(f"bottleneck{index}", body, identity=enters)
            if v.shortcut in DEPARTURES:
                local = DEPARTURES[v.shortcut](body)
                leaves = block.tensor(local), body.shapes[local]
        results.append(sketch.last)
    return results


def add_last(sketch: PlanSketch, v: MobileNetV2) -> str:
    """Append the last convolution and return the name of its result."""
    return sketch.block("last", pointwise(sketch.shape, v.last_channels, v.activation)).output
