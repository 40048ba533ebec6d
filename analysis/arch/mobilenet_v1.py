"""MobileNetV1 (arXiv:1704.04861): depthwise separable convolutions in a row."""

from collections.abc import Iterator
from dataclasses import dataclass
from heapq import merge
from math import prod
from typing import ClassVar

from analysis.arch import checks
from analysis.arch.blocks import classifier, full, separable, stem
from analysis.arch.channels import WithResolution, scale, thresholds
from analysis.arch.plan import Block, Plan
from analysis.arch.sketch import PlanSketch

# Table 1: channels and stride of each separable convolution. The table prints stride 2 for the last one, which
# would give a 4 x 4 map. The sizes in the table and the published counts follow from stride 1.
TABLE_1 = (
    (64, 1),
    (128, 2),
    (128, 1),
    (256, 2),
    (256, 1),
    (512, 2),
    *(5 * ((512, 1),)),
    (1024, 2),
    (1024, 1),
)

ACTIVATIONS = ("relu", "relu6")


@dataclass(frozen=True)
class MobileNetV1(WithResolution):
    """The choices that define a MobileNetV1. The defaults are those of its paper.

    - `width`: multiplier of every layer's channels. `resolution`: input side in pixels, or (height, width).
    - `rows`: (channels, stride) of each separable convolution.
    - `stem`, `stem_stride`: channels and stride of the first convolution.
    - `rounding`: of scaled channels, see `channels.scale`. The authors' code truncates.

    Raises:
        Problem: a value that its axis does not allow.
    """

    width: float = 1.0
    resolution: int | tuple[int, int] = 224
    activation: str = "relu"
    rounding: int | str = "truncate"
    rows: tuple[tuple[int, int], ...] = TABLE_1
    stem: int = 32
    stem_stride: int = 2
    classes: int = 1000
    dropout: float = 0.0

    family: ClassVar[str] = "mobilenet_v1"
    separable: ClassVar[bool] = True

    def __post_init__(self) -> None:
        checks.number("width", self.width, 0, above=True)
        checks.choice("activation", self.activation, ACTIVATIONS)
        checks.rows(self.rows, "channels, stride")
        for axis in ("stem", "stem_stride", "classes"):
            checks.whole(axis, getattr(self, axis), 1)
        checks.number("dropout", self.dropout, 0, 0.99)
        object.__setattr__(self, "width", float(self.width))

    @property
    def strides(self) -> tuple[int, ...]:
        """The stride of each row."""
        return tuple(s for _, s in self.rows)

    @property
    def stride(self) -> int:
        """Total stride of the network."""
        return self.stem_stride * prod(self.strides)

    def channels(self, base: int) -> int:
        """Channels of a layer that has `base` channels at width 1."""
        return scale(base, self.width, self.rounding)

    def width_steps(self) -> Iterator[float]:
        """Widths at which the channels of a layer change, in ascending order."""
        return merge(*(thresholds(c, self.rounding) for c in {self.stem, *(c for c, _ in self.rows)}))

    def unroll(self) -> Plan:
        """The Plan of the classifier."""
        checks.resolution(self.size, self.stride)
        sketch = PlanSketch((3, *self.size))
        add_trunk(sketch, self)
        sketch.block("head", classifier(sketch.shape, self.classes, self.dropout))
        return sketch.plan()


@dataclass(frozen=True)
class Plain(MobileNetV1):
    """MobileNetV1 with full 3 x 3 convolutions instead of separable ones ("Conv MobileNet" of its Table 4)."""

    family: ClassVar[str] = "plain"
    separable: ClassVar[bool] = False


def add_trunk(sketch: PlanSketch, v: MobileNetV1, output_stride: int | None = None) -> list[Block]:
    """Append the stem and the separable convolutions, and return the blocks.

    Strides that would take the total beyond `output_stride` become dilation of the convolutions after them.
    """
    blocks = [sketch.block("stem", stem(sketch.image, v.channels(v.stem), v.stem_stride, v.activation))]
    convolution, name = (separable, "separable") if v.separable else (full, "full")
    stride, dilation = v.stem_stride, 1
    for index, (channels, s) in enumerate(v.rows, start=1):
        dilate = output_stride is not None and stride * s > output_stride
        body = convolution(sketch.shape, v.channels(channels), 1 if dilate else s, dilation, v.activation)
        blocks.append(sketch.block(f"{name}{index}", body))
        if dilate:
            dilation *= s
        else:
            stride *= s
    return blocks
