"""ShuffleNet v1 (arXiv:1707.01083): grouped 1 x 1 convolutions with channel shuffle."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from heapq import merge
from typing import ClassVar

from analysis.arch import checks
from analysis.arch.blocks import classifier
from analysis.arch.channels import scale, square, thresholds
from analysis.arch.plan import Body, Plan, Shape
from analysis.arch.sketch import BodySketch, PlanSketch
from analysis.arch.text import Stated

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


@dataclass(frozen=True)
class ShuffleNetV1(Stated):
    """The choices that name a ShuffleNet v1; defaults are "ShuffleNet 1x (g = 3)".

    - `width`: the scale factor s of its section 3.2. `groups`: of the 1 x 1 convolutions; it also picks the
      channels.
    - Scaled channels are the nearest that `groups` divides, see `channels.scale`.
    - `scale_stem`: whether the factor reaches the first convolution.

    Raises:
        Problem: an axis has a value that it does not know.
    """

    width: float = 1.0
    groups: int = 3
    resolution: int | tuple[int, int] = 224
    scale_stem: bool = True
    classes: int = 1000
    dropout: float = 0.0

    family: ClassVar[str] = "shufflenet_v1"
    stride: ClassVar[int] = 32  # of the whole network

    def __post_init__(self) -> None:
        checks.number("width", self.width, 0, above=True)
        checks.choice("groups", self.groups, tuple(TABLE_1))
        checks.whole("classes", self.classes, 1)
        checks.number("dropout", self.dropout, 0, 0.99)
        object.__setattr__(self, "width", float(self.width))

    @property
    def size(self) -> tuple[int, int]:
        """Height and width of the input in pixels."""
        return square(self.resolution)

    def width_steps(self) -> Iterator[float]:
        """Widths, in order, at which a layer's channels change."""
        scaled = (*TABLE_1[self.groups], *((STEM,) if self.scale_stem else ()))
        return merge(*(thresholds(c, self.groups) for c in scaled))

    def unroll(self) -> Plan:
        """The Plan of the classifier."""
        checks.resolution(self.size, self.stride)
        sketch = PlanSketch((3, *self.size))
        sketch.block("stem", stem(sketch.image, scale(STEM, self.width if self.scale_stem else 1.0, self.groups)))
        for stage, (channels, repeats) in enumerate(zip(TABLE_1[self.groups], REPEATS, strict=True), start=2):
            for index in range(1, repeats + 1):
                # Section 3.2: the first 1 x 1 convolution of stage 2 is not grouped, as its input is narrow.
                first = 1 if stage == 2 and index == 1 else self.groups
                width = scale(channels, self.width, self.groups)
                body = unit(sketch.shape, width, 2 if index == 1 else 1, first, self.groups)
                sketch.block(f"stage{stage}_unit{index}", body)
        sketch.block("head", classifier(sketch.shape, self.classes, self.dropout))
        return sketch.plan()


@lru_cache(maxsize=4096)
def stem(image: Shape, channels: int) -> Body:
    """3 x 3 convolution and 3 x 3 max pooling, both of stride 2."""
    sketch = BodySketch(x=image)
    y = sketch.conv_norm("", "x", channels, 3, 2, activation="relu")
    return sketch.body("stem", sketch.pool("pool", y, "max", 3, 2))


@lru_cache(maxsize=4096)
def unit(x: Shape, channels: int, stride: int, first_groups: int, groups: int) -> Body:
    """Figure 2: 1 x 1 to a quarter of the channels, shuffle, 3 x 3 depthwise, 1 x 1.

    The result is added to the input, or with stride 2 concatenated to the input's 3 x 3 mean pooling.
    """
    sketch = BodySketch(x=x)
    inner = scale(channels, 1 / 4, groups)
    y = sketch.conv_norm("compress", "x", inner, groups=first_groups, activation="relu")
    y = sketch.shuffle("shuffle", y, groups) if groups > 1 else y
    y = sketch.conv_norm("depthwise", y, inner, 3, stride, inner)
    y = sketch.conv_norm("expand", y, channels if stride == 1 else channels - x[0], groups=groups)
    if stride == 1:
        y = sketch.add("shortcut", "x", y)
    else:
        y = sketch.concat("concat", sketch.pool("pool", "x", "mean", 3, stride), y)
    return sketch.body("shuffle_unit", sketch.activation("activation", y, "relu"))
