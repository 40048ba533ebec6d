"""ResNet with bottleneck units (arXiv:1512.03385), as torchvision builds it and as DeepLab's backbone.

The backbone of DeepLabv3 (arXiv:1706.05587) in the authors' code (`resnet_v1_beta.py`) differs: three 3 x 3
convolutions in place of the 7 x 7 one, the stride of a stage in its last unit instead of its first, and rates of the
last stage's units.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from heapq import merge
from math import prod
from typing import ClassVar

from analysis.arch import checks
from analysis.arch.blocks import classifier
from analysis.arch.channels import WithResolution, scale, thresholds
from analysis.arch.plan import Body, Plan, Shape
from analysis.arch.sketch import BodySketch, PlanSketch
from analysis.problem import Problem

RESNET_101 = (3, 4, 23, 3)
INNER = (64, 128, 256, 512)  # channels of the 3 x 3 convolution in each stage's units. They make four times as many.
WIDER = 4
STRIDES = {"first": (1, 2, 2, 2), "last": (2, 2, 2, 1)}  # of each stage, by the unit that has it
ROOTS = {"one": (64,), "three": (64, 64, 128)}


@dataclass(frozen=True)
class ResNet(WithResolution):
    """The choices that define a ResNet. The defaults are torchvision's ResNet-101. `BETA` is DeepLab's.

    - `width`: multiplier of every layer's channels. `resolution`: input side in pixels, or (height, width).
    - `units`: of each of the four stages.
    - `root`: "one" 7 x 7 convolution of stride 2, or "three" 3 x 3 ones, the first with the stride. A max pooling of
      stride 2 follows.
    - `strided`: the unit of a stage that has its stride, "first" or "last". With "last" the first stage has one and the
      last stage has none.
    - `grid`: rates of the last stage's units, over those that the output stride asks for. A unit after them has the
      last one.

    Raises:
        Problem: a value that its axis does not allow.
    """

    width: float = 1.0
    resolution: int | tuple[int, int] = 224
    units: tuple[int, int, int, int] = RESNET_101
    root: str = "one"
    strided: str = "first"
    grid: tuple[int, ...] = (1,)
    classes: int = 1000
    dropout: float = 0.0

    family: ClassVar[str] = "resnet"

    def __post_init__(self) -> None:
        checks.number("width", self.width, 0, above=True)
        checks.rows((self.units,), "stage 1, stage 2, stage 3, stage 4")
        checks.choice("root", self.root, tuple(ROOTS))
        checks.choice("strided", self.strided, tuple(STRIDES))
        if not isinstance(self.grid, tuple) or not self.grid:
            raise Problem(f"grid {self.grid!r} is not a tuple of rates")
        for rate in self.grid:
            checks.whole("grid", rate, 1)
        checks.whole("classes", self.classes, 1)
        checks.number("dropout", self.dropout, 0, 0.99)
        object.__setattr__(self, "width", float(self.width))

    @property
    def stride(self) -> int:
        """Total stride of the network."""
        return 4 * prod(STRIDES[self.strided])

    def channels(self, base: int) -> int:
        """Channels of a layer that has `base` channels at width 1."""
        return scale(base, self.width)

    def width_steps(self) -> Iterator[float]:
        """Widths at which the channels of a layer change, in ascending order."""
        return merge(*map(thresholds, {*ROOTS[self.root], *INNER, *(WIDER * c for c in INNER)}))

    def unroll(self) -> Plan:
        """The Plan of the classifier."""
        checks.resolution(self.size, self.stride)
        sketch = PlanSketch((3, *self.size))
        add_trunk(sketch, self)
        sketch.block("head", classifier(sketch.shape, self.classes, self.dropout))
        return sketch.plan()


BETA = ResNet(resolution=513, root="three", strided="last", grid=(1, 2, 4))


def add_trunk(sketch: PlanSketch, v: ResNet, output_stride: int | None = None) -> None:
    """Append the root and the units.

    Strides that would take the total beyond `output_stride` become dilation of the units after them.
    """
    sketch.block("root", root(sketch.image, tuple(map(v.channels, ROOTS[v.root]))))
    stride, dilation = 4, 1
    for stage, (inner, units, s) in enumerate(zip(INNER, v.units, STRIDES[v.strided], strict=True), start=1):
        at = 0 if v.strided == "first" else units - 1
        for index in range(units):
            moves = s if index == at else 1
            dilate = output_stride is not None and stride * moves > output_stride
            rate = dilation * (v.grid[min(index, len(v.grid) - 1)] if stage == len(INNER) else 1)
            made = v.channels(inner * WIDER)
            body = unit(sketch.shape, v.channels(inner), made, 1 if dilate else moves, rate)
            sketch.block(f"stage{stage}_unit{index + 1}", body)
            if dilate:
                dilation *= moves
            else:
                stride *= moves


@lru_cache(maxsize=1024)
def root(image: Shape, channels: tuple[int, ...]) -> Body:
    """Convolutions, the first of stride 2, 7 x 7 where it is alone, and a 3 x 3 max pooling of stride 2."""
    sketch = BodySketch(x=image)
    y, kernel = "x", 7 if len(channels) == 1 else 3
    for index, width in enumerate(channels, start=1):
        y = sketch.conv_norm(f"layer{index}", y, width, kernel, 2 if index == 1 else 1, activation="relu")
    return sketch.body("root", sketch.pool("pool", y, "max", 3, 2))


@lru_cache(maxsize=1024)
def unit(x: Shape, inner: int, channels: int, stride: int, dilation: int) -> Body:
    """1 x 1, 3 x 3 and 1 x 1 convolutions, added to the input.

    Where its channels differ, a 1 x 1 convolution fits the input. Where only its size does, every so many pixels of it
    are taken.
    """
    sketch = BodySketch(x=x)
    y = sketch.conv_norm("compress", "x", inner, activation="relu")
    y = sketch.conv_norm("full", y, inner, 3, stride, dilation=dilation, activation="relu")
    y = sketch.conv_norm("expand", y, channels)
    same = "x"
    if x[0] != channels:
        same = sketch.conv_norm("fit", "x", channels, stride=stride)
    elif stride > 1:
        same = sketch.pool("take", "x", "max", 1, stride)
    return sketch.body("unit", sketch.activation("activation", sketch.add("shortcut", same, y), "relu"))
