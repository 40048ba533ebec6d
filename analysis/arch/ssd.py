"""SSD and SSDLite (arXiv:1801.04381, section 6.2): boxes and classes predicted on six maps of a backbone."""

from dataclasses import dataclass
from functools import lru_cache
from typing import ClassVar

from analysis.arch import checks, mobilenet_v1, trunk
from analysis.arch.inverted_residual import entry
from analysis.arch.mobilenet_v1 import MobileNetV1
from analysis.arch.mobilenet_v2 import MobileNetV2
from analysis.arch.norms import finished
from analysis.arch.plan import Body, Plan, Shape
from analysis.arch.sketch import BodySketch, PlanSketch
from analysis.arch.text import Stated
from analysis.problem import Problem


@dataclass(frozen=True)
class SSD(Stated):
    """A detector on a backbone without its classifier.

    - `backbone`: provides two maps, one before its last stride and one at its end. On MobileNetV2 these are the
      expansion in the last block of stride 2 (the block's input if it has none) and the last convolution. On
      MobileNetV1 they are the input of the last convolution of stride 2 and the last convolution. Its `classes` and
      `dropout` have no effect.
    - `extras`: channels of the further maps, each of half the side of the one before.
    - `anchors`: boxes per position of each map. `classes`: number of classes without background.
    - `lite`: every 3 x 3 convolution of extras and predictors is separable (SSDLite).

    Raises:
        Problem: a backbone without such maps, or numbers that do not match.
    """

    backbone: MobileNetV2 | MobileNetV1 = MobileNetV2(resolution=320)  # noqa: RUF009 (frozen)
    lite: bool = False
    classes: int = 80
    extras: tuple[int, ...] = (512, 256, 256, 128)
    anchors: tuple[int, ...] = (3, 6, 6, 6, 6, 6)

    family: ClassVar[str] = "ssd"

    def __post_init__(self) -> None:
        checks.backbone(self.backbone, (MobileNetV1, MobileNetV2))
        checks.whole("classes", self.classes, 1)
        for depth in self.extras:
            checks.whole("extras", depth, 2)
        if len(self.anchors) != 2 + len(self.extras):
            raise Problem(
                f"anchors {self.anchors} are not one number for each of {2 + len(self.extras)} maps: the backbone has "
                "two, each of the extras has one"
            )
        for number in self.anchors:
            checks.whole("anchors", number, 1)

    @property
    def size(self) -> tuple[int, int]:
        """Height and width of the input in pixels."""
        return self.backbone.size

    def unroll(self) -> Plan:
        """The Plan. Its outputs are the boxes and the classes of each map in turn."""
        checks.resolution(self.size, self.backbone.stride)
        sketch = PlanSketch((3, *self.size))
        maps = add_backbone(sketch, self.backbone)
        act = self.backbone.activation
        for index, depth in enumerate(self.extras, start=1):
            sketch.block(f"extra{index}", extra(sketch.shape, depth, self.lite, act))
            maps.append((sketch.last, sketch.shape))
        outputs: list[str] = []
        for index, ((name, shape), anchors) in enumerate(zip(maps, self.anchors, strict=True), start=1):
            for what, numbers in (("boxes", 4), ("classes", self.classes + 1)):
                body = predictor(shape, anchors * numbers, self.lite, act)
                outputs.append(sketch.block(f"{what}{index}", body, x=name).output)
        return finished(sketch.plan(*outputs), self.backbone)


def add_backbone(sketch: PlanSketch, backbone: MobileNetV2 | MobileNetV1) -> list[tuple[str, Shape]]:
    """Append the backbone and return the name and the shape of its two maps."""
    last_strided = max((i for i, s in enumerate(backbone.strides) if s > 1), default=0)
    if isinstance(backbone, MobileNetV1):
        before = mobilenet_v1.add_trunk(sketch, backbone)[last_strided]
        first = before.output, before.body.shape
    else:
        trunk.add_trunk(sketch, backbone)
        trunk.add_last(sketch, backbone)
        block = sketch.blocks[1 + sum(row[2] for row in backbone.rows[:last_strided])]
        local = entry(block.body)
        first = block.tensor(local), block.body.shapes[local]
    return [first, (sketch.last, sketch.shape)]


@lru_cache(maxsize=1024)
def extra(x: Shape, depth: int, lite: bool, activation: str) -> Body:
    """A 1 x 1 convolution to half of `depth`, then a 3 x 3 convolution of stride 2 to `depth`."""
    sketch = BodySketch(x=x)
    y = sketch.conv_norm("compress", "x", depth // 2, activation=activation)
    if lite:
        y = sketch.conv_norm("depthwise", y, depth // 2, 3, 2, depth // 2, activation=activation)
        y = sketch.conv_norm("pointwise", y, depth, activation=activation)
    else:
        y = sketch.conv_norm("full", y, depth, 3, 2, activation=activation)
    return sketch.body("extra", y)


@lru_cache(maxsize=1024)
def predictor(x: Shape, numbers: int, lite: bool, activation: str) -> Body:
    """A 3 x 3 convolution with bias that gives `numbers` values per position."""
    sketch = BodySketch(x=x)
    if lite:
        y = sketch.conv_norm("depthwise", "x", x[0], 3, groups=x[0], activation=activation)
        return sketch.body("predictor", sketch.conv("pointwise", y, numbers, bias=True))
    return sketch.body("predictor", sketch.conv("full", "x", numbers, 3, bias=True))
