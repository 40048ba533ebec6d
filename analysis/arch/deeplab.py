"""DeepLabv3 (arXiv:1801.04381, section 6.3): a class for each pixel, from an atrous backbone."""

from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import ClassVar

from analysis.arch import checks, mobilenet_v1, resnet, trunk
from analysis.arch.mobilenet_v1 import MobileNetV1
from analysis.arch.mobilenet_v2 import MobileNetV2
from analysis.arch.norms import finished
from analysis.arch.plan import Body, Plan, Shape
from analysis.arch.resnet import ResNet
from analysis.arch.sketch import BodySketch, PlanSketch
from analysis.arch.text import LATER, Stated
from analysis.problem import Problem

RATES = (6, 12, 18)  # of the atrous convolutions of ASPP at output stride 16
SCALES = (0.5, 0.75, 1.0, 1.25, 1.5, 1.75)  # of the multi-scale evaluation


@dataclass(frozen=True)
class DeepLabV3(Stated):
    """A segmentation network on a backbone without its classifier and, on MobileNetV2, its last convolution.

    - `backbone`: strides that would take its total beyond `output_stride` (8 or 16) become dilation. Its
      `classes` and `dropout` have no effect.
    - `aspp`: adds three 3 x 3 atrous convolutions to the 1 x 1 convolution and the image-pooling branch.
    - `depth`: channels of the head. `classes`: number of classes, background included. `dropout`: rate before the
      class scores. The authors' code trains with 0.1.

    Raises:
        Problem: a value that its axis does not allow.
    """

    backbone: MobileNetV2 | MobileNetV1 | ResNet = MobileNetV2(resolution=513)  # noqa: RUF009 (frozen)
    output_stride: int = 16
    aspp: bool = True
    depth: int = 256
    classes: int = 21
    dropout: float = field(default=0.0, metadata=LATER)

    family: ClassVar[str] = "deeplab_v3"

    def __post_init__(self) -> None:
        checks.backbone(self.backbone, (MobileNetV1, MobileNetV2, ResNet))
        checks.choice("output_stride", self.output_stride, (8, 16))
        checks.whole("depth", self.depth, 1)
        checks.whole("classes", self.classes, 1)
        checks.number("dropout", self.dropout, 0, 0.99)
        if self.backbone.stride < self.output_stride:
            raise Problem(
                f"the backbone's stride {self.backbone.stride} is below output_stride {self.output_stride}: use a "
                "backbone with a larger stride, or a smaller output_stride"
            )

    @property
    def size(self) -> tuple[int, int]:
        """Height and width of the input in pixels."""
        return self.backbone.size

    def unroll(self) -> Plan:
        """The Plan. Its output has a score for each class at each pixel."""
        checks.resolution(self.size, 1)  # any size: strides round up, and the last resize restores the input's size
        sketch = PlanSketch((3, *self.size))
        if isinstance(self.backbone, MobileNetV1):
            mobilenet_v1.add_trunk(sketch, self.backbone, self.output_stride)
        elif isinstance(self.backbone, ResNet):
            resnet.add_trunk(sketch, self.backbone, self.output_stride)
        else:
            trunk.add_trunk(sketch, self.backbone, self.output_stride)
        rates = tuple(rate * 16 // self.output_stride for rate in RATES) if self.aspp else ()
        sketch.block("head", head(sketch.shape, rates, self.depth, self.classes, self.dropout, self.size))
        return finished(sketch.plan(), self.backbone)


def passes(v: DeepLabV3, scales: tuple[float, ...] = SCALES) -> tuple[DeepLabV3, ...]:
    """The networks of one multi-scale evaluation: v at each scale, with and without mirroring.

    A side of n pixels scales to (n - 1) * scale + 1, so that border pixels stay at the border.
    """
    height, width = v.size
    sizes = [(int((height - 1) * s) + 1, int((width - 1) * s) + 1) for s in scales]
    scaled = [replace(v, backbone=replace(v.backbone, resolution=size)) for size in sizes]
    return tuple(each for each in scaled for _ in ("plain", "mirrored"))


@lru_cache(maxsize=1024)
def head(x: Shape, rates: tuple[int, ...], depth: int, classes: int, dropout: float, size: tuple[int, int]) -> Body:
    """Parallel branches, concatenated and projected, then dropout, class scores and a resize to `size` (height, width).

    The branches are image pooling, a 1 x 1 convolution, and an atrous convolution for each of `rates`.
    """
    sketch = BodySketch(x=x)
    pooled = sketch.conv_norm("pooling", sketch.pool("pool", "x"), depth, activation="relu")
    branches = [
        sketch.resize("spread", pooled, *x[1:]),
        sketch.conv_norm("pointwise", "x", depth, activation="relu"),
        *(sketch.conv_norm(f"atrous{rate}", "x", depth, 3, dilation=rate, activation="relu") for rate in rates),
    ]
    y = sketch.conv_norm("project", sketch.concat("concat", *branches), depth, activation="relu")
    y = sketch.dropout("dropout", y, dropout)
    return sketch.body("deeplab_v3", sketch.resize("resize", sketch.conv("logits", y, classes, bias=True), *size))
