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
from analysis.arch.blocks import classifier
from analysis.arch.channels import WithResolution, scale, thresholds
from analysis.arch.inverted_residual import GATES, PLACES, Squeeze
from analysis.arch.norms import NORMS, finished
from analysis.arch.padding import PADDINGS
from analysis.arch.plan import Plan
from analysis.arch.rows import Rows, Stage, T, check, filtered, later, shortest, stage
from analysis.arch.sketch import PlanSketch
from analysis.arch.text import LATER
from analysis.arch.trunk import add_last, add_trunk
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
LAST_WIDTHS = ("at_least_one", "scaled", "fixed")


@dataclass(frozen=True)
class MobileNetV2(WithResolution):
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
    - `activation`: after every convolution except the projection. `kernel`: side of the depthwise kernel between
      expansion and projection, 0 for none (MobileNetV4).
    - `rounding`: of scaled channels, see `channels.scale`. `last_width`: how the multiplier applies to the last
      convolution: "at_least_one" (never narrower than `last`, section 4), "scaled" or "fixed".
    - `rows`: (t, c, n, s) as in Table 2, see `rows` for what a row may state besides, and for rows of full convolutions
      and of identities. `stem`, `stem_stride`: channels and stride of the convolution before them. `last`:
      channels of the convolution after them.
    - `features`: stages, counted from 0, whose results a backbone returns instead of class scores. The last stage
      includes the last convolution.
    - `padding`: zeros of the strided convolutions, "symmetric" or "one_sided". The authors' networks, trained in
      TensorFlow, have "one_sided": see `padding`. It costs nothing.
    - `squeeze`: squeeze-and-excitation in every block whose row states no ratio of its own, 0 for none. `squeezed`:
      what the ratio multiplies. "inner": the inner channels, rounded as channels are to a multiple of 8 (MobileNetV3).
      "input": the block's input channels, the whole part (EfficientNet). `squeeze_activation`, `gate`: functions after
      its two layers. `squeeze_place`: after the depthwise convolution, or after the projection and before the addition.
    - `start`: kernel of a depthwise convolution with norm before the expansion, 0 for none (MobileNetV4).
    - `fused`: one full convolution of `kernel` expands and filters (EfficientNetV2). At t = 1 it is the whole block.
    - `hidden`: features of a linear layer before the class scores, with `activation`. 0: there is none. `hidden_norm`:
      it is a 1 x 1 convolution with norm.
    - `norm`: after every convolution that has one, "batch", "group" or "none", see `norms`.
    - `branches`: a 1 x 1 branch and the identity next to each depthwise convolution in training, see `branches`.

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
    start: int = field(default=0, metadata=LATER)
    fused: bool = field(default=False, metadata=LATER)
    hidden_norm: bool = field(default=False, metadata=LATER)
    norm: str = field(default="batch", metadata=LATER)
    branches: bool = field(default=False, metadata=LATER)

    family: ClassVar[str] = "mobilenet_v2"

    def __post_init__(self) -> None:
        checks.number("width", self.width, 0, above=True)
        checks.number("expansion", self.expansion, 0)
        checks.choice("projection", self.projection, PROJECTIONS)
        checks.choice("shortcut", self.shortcut, SHORTCUTS)
        checks.choice("activation", self.activation, ACTIVATIONS)
        checks.choice("last_width", self.last_width, LAST_WIDTHS)
        checks.choice("padding", self.padding, PADDINGS)
        checks.choice("norm", self.norm, NORMS)
        checks.number("squeeze", self.squeeze, 0)
        checks.choice("squeezed", self.squeezed, SQUEEZED)
        checks.choice("squeeze_activation", self.squeeze_activation, ACTIVATIONS)
        checks.choice("gate", self.gate, GATES)
        checks.choice("squeeze_place", self.squeeze_place, PLACES)
        checks.whole("hidden", self.hidden, 0)
        for axis in ("kernel", "start"):
            checks.side(axis, getattr(self, axis))
        for axis in ("fused", "hidden_norm", "branches"):
            checks.choice(axis, getattr(self, axis), (True, False))
        if self.branches and (self.norm, self.padding) != ("batch", "symmetric"):
            raise Problem("branches merge into one kernel with norm='batch' and padding='symmetric' alone: use these")
        for axis in ("stem", "stem_stride", "last", "classes"):
            checks.whole(axis, getattr(self, axis), 1)
        checks.number("dropout", self.dropout, 0, 0.99)
        check(self.rows, ACTIVATIONS)
        if any(stage not in range(len(self.rows)) for stage in self.features):
            raise Problem(f"features {self.features} are not stages 0 to {len(self.rows) - 1}")
        # One network has one text: numbers have one type, and a row leaves out what it has in common with the variant.
        common = (self.kernel, self.activation, *self.later)
        rows = tuple(shortest(row, self.expansion, *common) for row in self.rows)
        for axis, value in (
            ("width", float(self.width)),
            ("expansion", float(self.expansion)),
            ("rows", rows),
            ("squeeze", float(self.squeeze)),
        ):
            object.__setattr__(self, axis, value)
        blocks = [row for row in zip(self.rows, self.stages, strict=True) if not isinstance(row[1][0], str)]
        usual = [filtered(row, stage[4], *later(row, self.later)[1:]) for row, stage in blocks]
        if self.shortcut != "bottleneck":
            if any(stage[0] == 0 for _, stage in blocks):
                raise Problem(f"expansion 0 keeps only the shortcut: use shortcut='bottleneck', not {self.shortcut!r}")
            if self.shortcut != "none" and (len(blocks) < len(self.rows) or not all(usual)):
                raise Problem(
                    f"shortcut {self.shortcut!r} connects expanded tensors. Rows of convolutions or with start, fused "
                    "or kernel 0 lack them, and an identity row has none: use shortcut='bottleneck' or 'none'"
                )

    @property
    def stages(self) -> tuple[Stage, ...]:
        """The rows as (t, c, n, s, kernel, activation), with the variant's values where a row has none of its own."""
        expansion, kernel, activation = self.expansion, self.kernel, self.activation
        return tuple([stage(row, expansion, kernel, activation) for row in self.rows])

    @property
    def later(self) -> tuple[float, int, bool]:
        """What a row has of the later axes unless it says otherwise."""
        return self.squeeze, self.start, self.fused

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
            return finished(plan, self)
        last = self.hidden, self.activation, self.hidden_norm
        sketch.block("head", classifier(sketch.shape, self.classes, self.dropout, *last))
        return finished(sketch.plan(), self)
