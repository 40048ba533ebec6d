"""YOLOv2 (arXiv:1612.08242): boxes and classes predicted on one map of Darknet-19, joined by an earlier one."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from heapq import merge
from typing import ClassVar

from analysis.arch import checks
from analysis.arch.channels import WithResolution, scale, thresholds
from analysis.arch.plan import Body, Plan, Shape
from analysis.arch.sketch import BodySketch, PlanSketch

# Darknet-19 without its classifier (table 6, and `cfg/yolov2.cfg` of pjreddie/darknet): channels of each stage's
# convolutions, 3 x 3 and 1 x 1 in turns. Each stage but the first pools its input, 2 x 2.
DARKNET19 = ((32,), (64,), (128, 64, 128), (256, 128, 256), (512, 256, 512, 256, 512), (1024, 512, 1024, 512, 1024))
PASSED = 5  # the stage whose result is passed to the head
HEAD = 1024  # channels of its 3 x 3 convolutions
STRIDE = 32
ACTIVATION = "leaky_relu"


@dataclass(frozen=True)
class YOLOv2(WithResolution):
    """The choices that define a YOLOv2. The defaults are `yolov2.cfg` of Darknet, on COCO.

    - `width`: multiplier of every layer's channels but the predictor's. `resolution`: input side in pixels, or (height,
      width).
    - `passthrough`: channels of a 1 x 1 convolution of the passed map. At 0 it is passed as it is, as in the paper and
      in `yolo-voc.2.0.cfg`.
    - `classes`: number of classes. `anchors`: boxes per position. Each has a score of its own.

    Raises:
        Problem: a value that its axis does not allow.
    """

    width: float = 1.0
    resolution: int | tuple[int, int] = 416
    passthrough: int = 64
    classes: int = 80
    anchors: int = 5

    family: ClassVar[str] = "yolo_v2"

    def __post_init__(self) -> None:
        checks.number("width", self.width, 0, above=True)
        checks.whole("passthrough", self.passthrough, 0)
        checks.whole("classes", self.classes, 1)
        checks.whole("anchors", self.anchors, 1)
        object.__setattr__(self, "width", float(self.width))

    @property
    def stride(self) -> int:
        """Of what the input's sides are multiples."""
        return STRIDE

    def channels(self, base: int) -> int:
        """Channels of a layer that has `base` channels at width 1."""
        return scale(base, self.width)

    def width_steps(self) -> Iterator[float]:
        """Widths at which the channels of a layer change, in ascending order."""
        channels = {HEAD, *(channels for row in DARKNET19 for channels in row)}
        return merge(*map(thresholds, channels | ({self.passthrough} if self.passthrough else set())))

    def unroll(self) -> Plan:
        """The Plan. Its output has the numbers of each box of each position."""
        checks.resolution(self.size, self.stride)
        sketch = PlanSketch((3, *self.size))
        passed = "", sketch.shape
        for index, row in enumerate(DARKNET19, start=1):
            body = stage(sketch.shape, tuple(map(self.channels, row)), index > 1)
            sketch.block(f"stage{index}", body)
            if index == PASSED:
                passed = sketch.last, sketch.shape
        fewer = self.channels(self.passthrough) if self.passthrough else 0
        last, shape = sketch.last, sketch.shape
        early = sketch.block("passthrough", passthrough(passed[1], fewer), x=passed[0])
        deep, numbers = self.channels(HEAD), self.anchors * (5 + self.classes)
        sketch.block("head", head(shape, early.body.shape, deep, numbers), x=last, identity=early.output)
        return sketch.plan()


@lru_cache(maxsize=1024)
def stage(x: Shape, channels: tuple[int, ...], pooled: bool) -> Body:
    """A pooling of 2 x 2 where the input is `pooled`, then 3 x 3 and 1 x 1 convolutions in turns."""
    sketch = BodySketch(x=x)
    y = sketch.pool("pool", "x", "max", 2, 2) if pooled else "x"
    for index, width in enumerate(channels):
        y = sketch.conv_norm(f"layer{index + 1}", y, width, 1 if index % 2 else 3, activation=ACTIVATION)
    return sketch.body("stage", y)


@lru_cache(maxsize=1024)
def passthrough(x: Shape, channels: int) -> Body:
    """A 1 x 1 convolution to `channels`, if any, then each 2 x 2 pixels as one."""
    sketch = BodySketch(x=x)
    y = sketch.conv_norm("compress", "x", channels, activation=ACTIVATION) if channels else "x"
    return sketch.body("passthrough", sketch.fold("fold", y, 2))


@lru_cache(maxsize=1024)
def head(x: Shape, identity: Shape, channels: int, numbers: int) -> Body:
    """Two 3 x 3 convolutions, the early map joined, a third, and the predictor with bias."""
    sketch = BodySketch(x=x, identity=identity)
    y = "x"
    for index in (1, 2):
        y = sketch.conv_norm(f"layer{index}", y, channels, 3, activation=ACTIVATION)
    y = sketch.conv_norm("layer3", sketch.concat("concat", "identity", y), channels, 3, activation=ACTIVATION)
    return sketch.body("yolo_v2", sketch.conv("predict", y, numbers, bias=True))
