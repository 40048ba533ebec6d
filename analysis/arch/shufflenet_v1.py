"""ShuffleNet v1 (arXiv:1707.01083): grouped 1 x 1 convolutions with channel shuffle."""

import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from heapq import merge
from typing import ClassVar

from analysis.arch import checks
from analysis.arch.blocks import classifier
from analysis.arch.channels import WithResolution, scale, thresholds
from analysis.arch.plan import Body, Plan, Shape
from analysis.arch.sketch import BodySketch, PlanSketch
from analysis.arch.text import LATER

# Table 1: output channels of stages 2, 3, 4 for each number of groups.
TABLE_1 = {
    1: (144, 288, 576),
    2: (200, 400, 800),
    3: (240, 480, 960),
    4: (272, 544, 1088),
    8: (384, 768, 1536),
}
STEM = 24
REPEATS = (4, 8, 4)  # units of stages 2, 3, 4, the stride-2 one included
STRIDES = (2, 2, 2)  # of the first unit of each


@dataclass(frozen=True)
class ShuffleNetV1(WithResolution):
    """The choices that define a ShuffleNet v1. The defaults are "ShuffleNet 1x (g = 3)".

    - `width`: the scale factor s of its section 3.2. Scaled channels are rounded to multiples of `groups`, see
      `channels.scale`.
    - `groups`: of the 1 x 1 convolutions. It also determines the channels (Table 1).
    - `scale_stem`: whether the factor applies to the first convolution.
    - `repeats`, `strides`: for stages 2, 3 and 4, the number of units and the stride of the first unit.
    - `stem_pool`: whether a max pooling of stride 2 follows the first convolution, which has stride 2.

    The paper's total stride of 32 leaves one pixel of a 32 x 32 image. For small images, change the last three axes.

    Raises:
        Problem: a value that its axis does not allow.
    """

    width: float = 1.0
    groups: int = 3
    resolution: int | tuple[int, int] = 224
    scale_stem: bool = True
    classes: int = 1000
    dropout: float = 0.0
    repeats: tuple[int, int, int] = field(default=REPEATS, metadata=LATER)
    strides: tuple[int, int, int] = field(default=STRIDES, metadata=LATER)
    stem_pool: bool = field(default=True, metadata=LATER)

    family: ClassVar[str] = "shufflenet_v1"

    def __post_init__(self) -> None:
        checks.number("width", self.width, 0, above=True)
        checks.choice("groups", self.groups, tuple(TABLE_1))
        checks.whole("classes", self.classes, 1)
        checks.number("dropout", self.dropout, 0, 0.99)
        checks.choice("stem_pool", self.stem_pool, (True, False))
        for axis in ("repeats", "strides"):
            checks.rows((getattr(self, axis),), "stage 2, stage 3, stage 4")
        object.__setattr__(self, "width", float(self.width))

    @property
    def stride(self) -> int:
        """Total stride of the network."""
        return (4 if self.stem_pool else 2) * math.prod(self.strides)

    def width_steps(self) -> Iterator[float]:
        """Widths at which the channels of a layer change, in ascending order."""
        scaled = (*TABLE_1[self.groups], *((STEM,) if self.scale_stem else ()))
        return merge(*(thresholds(c, self.groups) for c in scaled))

    def unroll(self) -> Plan:
        """The Plan of the classifier."""
        checks.resolution(self.size, self.stride)
        sketch = PlanSketch((3, *self.size))
        first_channels = scale(STEM, self.width if self.scale_stem else 1.0, self.groups)
        sketch.block("stem", stem(sketch.image, first_channels, self.stem_pool))
        stages = zip(TABLE_1[self.groups], self.repeats, self.strides, strict=True)
        for stage, (channels, repeats, stride) in enumerate(stages, start=2):
            for index in range(1, repeats + 1):
                # Section 3.2: the first 1 x 1 convolution of stage 2 is not grouped, as its input is narrow.
                first = 1 if stage == 2 and index == 1 else self.groups
                width = scale(channels, self.width, self.groups)
                body = unit(sketch.shape, width, stride if index == 1 else 1, first, self.groups, index == 1)
                sketch.block(f"stage{stage}_unit{index}", body)
        sketch.block("head", classifier(sketch.shape, self.classes, self.dropout))
        return sketch.plan()


@lru_cache(maxsize=4096)
def stem(image: Shape, channels: int, pool: bool) -> Body:
    """3 x 3 convolution and, with `pool`, 3 x 3 max pooling, each of stride 2."""
    sketch = BodySketch(x=image)
    y = sketch.conv_norm("", "x", channels, 3, 2, activation="relu")
    return sketch.body("stem", sketch.pool("pool", y, "max", 3, 2) if pool else y)


@lru_cache(maxsize=4096)
def unit(x: Shape, channels: int, stride: int, first_groups: int, groups: int, widens: bool) -> Body:
    """Figure 2: 1 x 1 to a quarter of the channels, shuffle, 3 x 3 depthwise, 1 x 1.

    The result is added to the input. A unit that `widens` concatenates it to the input instead, and pools the input
    first (3 x 3 mean) if the stride is above 1.
    """
    sketch = BodySketch(x=x)
    inner = scale(channels, 1 / 4, groups)
    y = sketch.conv_norm("compress", "x", inner, groups=first_groups, activation="relu")
    y = sketch.shuffle("shuffle", y, groups) if groups > 1 else y
    y = sketch.conv_norm("depthwise", y, inner, 3, stride, inner)
    y = sketch.conv_norm("expand", y, channels - x[0] if widens else channels, groups=groups)
    if widens:
        y = sketch.concat("concat", "x" if stride == 1 else sketch.pool("pool", "x", "mean", 3, stride), y)
    else:
        y = sketch.add("shortcut", "x", y)
    return sketch.body("shuffle_unit", sketch.activation("activation", y, "relu"))
