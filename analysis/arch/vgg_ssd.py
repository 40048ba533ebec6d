"""SSD on VGG-16 (arXiv:1512.02325): boxes and classes predicted on six or seven maps.

Layers have biases and no norms. The first map is divided by the length of each pixel's channels.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from heapq import merge
from typing import ClassVar

from analysis.arch import checks
from analysis.arch.channels import WithResolution, scale, thresholds
from analysis.arch.plan import Body, Plan, Shape
from analysis.arch.sketch import BodySketch, PlanSketch
from analysis.problem import Problem

# Channels of the 3 x 3 convolutions of each stage of VGG-16 (arXiv:1409.1556, table 1, column D). Between the stages
# the map is pooled, 2 x 2.
VGG16 = ((64, 2), (128, 2), (256, 3), (512, 3), (512, 3))
FIRST = 4  # the stage whose result is the first map
ATROUS, RATE = 1024, 6  # fc6, a 3 x 3 convolution with holes, and fc7, a 1 x 1 one
# Each further map: channels, and kernel, stride and zeros of the convolution that makes it of half as many. As in
# lufficc/SSD (`ssd/modeling/backbone/vgg.py`), which has both sizes.
EXTRAS_300 = ((512, 3, 2, 1), (256, 3, 2, 1), (256, 3, 1, 0), (256, 3, 1, 0))
EXTRAS_512 = ((512, 3, 2, 1), (256, 3, 2, 1), (256, 3, 2, 1), (256, 3, 2, 1), (256, 4, 1, 1))


@dataclass(frozen=True)
class VGGSSD(WithResolution):
    """The choices that define an SSD on VGG-16. The defaults are SSD300 on COCO. `SSD512` is the larger one.

    - `width`: multiplier of every layer's channels but the predictors'. `resolution`: input side in pixels, or (height,
      width).
    - `extras`: (channels, kernel, stride, zeros) of each map after the second. A 1 x 1 convolution to half of the
      channels is before it.
    - `anchors`: boxes per position of each map. `classes`: number of classes without background.

    Raises:
        Problem: a value that its axis does not allow, or numbers that do not match.
    """

    width: float = 1.0
    resolution: int | tuple[int, int] = 300
    extras: tuple[tuple[int, int, int, int], ...] = EXTRAS_300
    anchors: tuple[int, ...] = (4, 6, 6, 6, 4, 4)
    classes: int = 80

    family: ClassVar[str] = "vgg_ssd"

    def __post_init__(self) -> None:
        checks.number("width", self.width, 0, above=True)
        checks.whole("classes", self.classes, 1)
        for row in self.extras:
            if not isinstance(row, tuple) or len(row) != 4:
                raise Problem(f"extras {row!r} is not of the form (channels, kernel, stride, zeros)")
            for name, value, least in zip(("channels", "kernel", "stride", "zeros"), row, (2, 1, 1, 0), strict=True):
                checks.whole(f"{name} of extras", value, least)
        if len(self.anchors) != 2 + len(self.extras):
            raise Problem(
                f"anchors {self.anchors} are not one number for each of {2 + len(self.extras)} maps: VGG has two, each "
                "of the extras has one"
            )
        for number in self.anchors:
            checks.whole("anchors", number, 1)
        object.__setattr__(self, "width", float(self.width))

    @property
    def stride(self) -> int:
        """Of what the input's sides are multiples."""
        return 1  # pooling rounds up

    def channels(self, base: int) -> int:
        """Channels of a layer that has `base` channels at width 1."""
        return scale(base, self.width)

    def width_steps(self) -> Iterator[float]:
        """Widths at which the channels of a layer change, in ascending order."""
        extras = {channels for row in self.extras for channels in (row[0] // 2, row[0])}
        return merge(*map(thresholds, {ATROUS, *(channels for channels, _ in VGG16), *extras}))

    def unroll(self) -> Plan:
        """The Plan. Its outputs are the boxes and the classes of each map in turn."""
        checks.resolution(self.size, self.stride)
        sketch = PlanSketch((3, *self.size))
        maps: list[tuple[str, Shape]] = []
        for index, (channels, convolutions) in enumerate(VGG16, start=1):
            body = stage(sketch.shape, self.channels(channels), convolutions, index > 1)
            sketch.block(f"stage{index}", body)
            if index == FIRST:
                maps.append((sketch.last, sketch.shape))
        sketch.block("atrous", atrous(sketch.shape, self.channels(ATROUS)))
        maps.append((sketch.last, sketch.shape))
        for index, (channels, kernel, stride, zeros) in enumerate(self.extras, start=1):
            inner, made = self.channels(channels // 2), self.channels(channels)
            sketch.block(f"extra{index}", extra(sketch.shape, inner, made, kernel, stride, zeros))
            maps.append((sketch.last, sketch.shape))
        first = sketch.block("first", length(maps[0][1]), x=maps[0][0])
        maps[0] = first.output, first.body.shape
        outputs: list[str] = []
        for index, ((name, shape), anchors) in enumerate(zip(maps, self.anchors, strict=True), start=1):
            for what, numbers in (("boxes", 4), ("classes", self.classes + 1)):
                outputs.append(sketch.block(f"{what}{index}", predictor(shape, anchors * numbers), x=name).output)
        return sketch.plan(*outputs)


SSD300 = VGGSSD()
SSD512 = VGGSSD(resolution=512, extras=EXTRAS_512, anchors=(4, 6, 6, 6, 6, 4, 4))


@lru_cache(maxsize=1024)
def stage(x: Shape, channels: int, convolutions: int, pooled: bool) -> Body:
    """A pooling of 2 x 2 where the input is `pooled`, then 3 x 3 convolutions with ReLU."""
    sketch = BodySketch(x=x)
    y = sketch.pool("pool", "x", "max", 2, 2) if pooled else "x"
    for index in range(1, convolutions + 1):
        y = rectified(sketch, f"layer{index}", y, channels, 3)
    return sketch.body("stage", y)


@lru_cache(maxsize=1024)
def atrous(x: Shape, channels: int) -> Body:
    """A pooling that keeps the size, a 3 x 3 convolution with holes, a 1 x 1 convolution."""
    sketch = BodySketch(x=x)
    y = rectified(sketch, "fc6", sketch.pool("pool", "x", "max", 3), channels, 3, dilation=RATE)
    return sketch.body("atrous", rectified(sketch, "fc7", y, channels))


@lru_cache(maxsize=1024)
def extra(x: Shape, inner: int, channels: int, kernel: int, stride: int, zeros: int) -> Body:
    """A 1 x 1 convolution to `inner` channels and one to `channels`, each with ReLU."""
    sketch = BodySketch(x=x)
    y = rectified(sketch, "compress", "x", inner)
    return sketch.body("extra", rectified(sketch, "full", y, channels, kernel, stride, zeros=zeros))


@lru_cache(maxsize=1024)
def length(x: Shape) -> Body:
    """Each pixel's channels over their length."""
    sketch = BodySketch(x=x)
    return sketch.body("length", sketch.length("length", "x"))


@lru_cache(maxsize=1024)
def predictor(x: Shape, numbers: int) -> Body:
    """A 3 x 3 convolution with bias that gives `numbers` values per position."""
    sketch = BodySketch(x=x)
    return sketch.body("predictor", sketch.conv("full", "x", numbers, 3, bias=True))


def rectified(
    sketch: BodySketch,
    name: str,
    source: str,
    channels: int,
    kernel: int = 1,
    stride: int = 1,
    dilation: int = 1,
    zeros: int | None = None,
) -> str:
    """Add a convolution with bias and its ReLU, and return the name of the result."""
    conv = sketch.conv(f"{name}.conv", source, channels, kernel, stride, dilation=dilation, bias=True, zeros=zeros)
    return sketch.activation(f"{name}.activation", conv, "relu")
