"""ShuffleNet v2 (arXiv:1807.11164): half of the channels pass a unit unchanged, and a shuffle mixes the halves."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from heapq import merge
from math import prod
from typing import ClassVar

from analysis.arch import checks
from analysis.arch.blocks import classifier, pointwise
from analysis.arch.channels import WithResolution, scale, thresholds
from analysis.arch.plan import Body, Plan, Shape
from analysis.arch.shufflenet_v1 import REPEATS, STEM, STRIDES, stem
from analysis.arch.sketch import BodySketch, PlanSketch
from analysis.problem import Problem

# Table 5: output channels of stages 2, 3, 4 and of the last convolution, by the factor that the paper names.
TABLE_5 = {
    0.5: ((48, 96, 192), 1024),
    1.0: ((116, 232, 464), 1024),
    1.5: ((176, 352, 704), 1024),
    2.0: ((244, 488, 976), 2048),
}


@dataclass(frozen=True)
class ShuffleNetV2(WithResolution):
    """The choices that define a ShuffleNet v2. The defaults are "ShuffleNet v2 1x". `sized` has the others.

    - `channels`, `last`: output channels of stages 2, 3 and 4 (even), and of the last convolution.
    - `width`: multiplier of these and of the first convolution. Scaled channels are rounded to multiples of 2.
    - `repeats`, `strides`: for stages 2, 3 and 4, the number of units and the stride of the first unit. One of stride
      1 is a unit like those after it where it has as many channels as its input.
    - `stem_pool`: whether a max pooling of stride 2 follows the first convolution, which has stride 2.

    Raises:
        Problem: a value that its axis does not allow.
    """

    width: float = 1.0
    resolution: int | tuple[int, int] = 224
    channels: tuple[int, int, int] = TABLE_5[1.0][0]
    last: int = TABLE_5[1.0][1]
    repeats: tuple[int, int, int] = REPEATS
    strides: tuple[int, int, int] = STRIDES
    stem_pool: bool = True
    classes: int = 1000
    dropout: float = 0.0

    family: ClassVar[str] = "shufflenet_v2"

    def __post_init__(self) -> None:
        checks.number("width", self.width, 0, above=True)
        for axis in ("channels", "repeats", "strides"):
            checks.rows((getattr(self, axis),), "stage 2, stage 3, stage 4")
        if any(channels % 2 for channels in self.channels):
            raise Problem(f"channels {self.channels} are not even: a unit halves them")
        checks.whole("last", self.last, 1)
        checks.whole("classes", self.classes, 1)
        checks.number("dropout", self.dropout, 0, 0.99)
        checks.choice("stem_pool", self.stem_pool, (True, False))
        object.__setattr__(self, "width", float(self.width))

    @property
    def stride(self) -> int:
        """Total stride of the network."""
        return (4 if self.stem_pool else 2) * prod(self.strides)

    def width_steps(self) -> Iterator[float]:
        """Widths at which the channels of a layer change, in ascending order."""
        return merge(*(thresholds(channels, 2) for channels in {STEM, self.last, *self.channels}))

    def unroll(self) -> Plan:
        """The Plan of the classifier."""
        checks.resolution(self.size, self.stride)
        sketch = PlanSketch((3, *self.size))
        sketch.block("stem", stem(sketch.image, scale(STEM, self.width, 2), self.stem_pool))
        stages = zip(self.channels, self.repeats, self.strides, strict=True)
        for stage, (channels, repeats, stride) in enumerate(stages, start=2):
            for index in range(1, repeats + 1):
                body = unit(sketch.shape, scale(channels, self.width, 2), stride if index == 1 else 1)
                sketch.block(f"stage{stage}_unit{index}", body)
        sketch.block("last", pointwise(sketch.shape, scale(self.last, self.width, 2), "relu"))
        sketch.block("head", classifier(sketch.shape, self.classes, self.dropout))
        return sketch.plan()


def sized(factor: float) -> ShuffleNetV2:
    """The network that Table 5 names by a factor: 0.5, 1.0, 1.5 or 2.0.

    Raises:
        Problem: another factor.
    """
    checks.choice("factor", factor, tuple(TABLE_5))
    channels, last = TABLE_5[factor]
    return ShuffleNetV2(channels=channels, last=last)


@lru_cache(maxsize=4096)
def unit(x: Shape, channels: int, stride: int) -> Body:
    """Figure 3c: one half of the input as it is, the other through 1 x 1, 3 x 3 depthwise and 1 x 1, joined, shuffled.

    Figure 3d where the shape changes: both branches read the whole input, the first through 3 x 3 depthwise and 1 x 1.
    """
    sketch = BodySketch(x=x)
    half = channels // 2
    if stride == 1 and x[0] == channels:
        kept, y = sketch.slice("kept", "x", 0, half), sketch.slice("changed", "x", half, channels)
    else:
        kept = sketch.conv_norm("kept_depthwise", "x", x[0], 3, stride, x[0])
        kept, y = sketch.conv_norm("kept_pointwise", kept, half, activation="relu"), "x"
    y = sketch.conv_norm("compress", y, half, activation="relu")
    y = sketch.conv_norm("depthwise", y, half, 3, stride, half)
    y = sketch.conv_norm("expand", y, half, activation="relu")
    return sketch.body("shuffle_unit_v2", sketch.shuffle("shuffle", sketch.concat("concat", kept, y), 2))
