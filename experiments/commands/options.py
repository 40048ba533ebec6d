"""The options that choose a network on the command line."""

import dataclasses
from typing import Any, Literal

from analysis.arch import FAMILIES, Variant, parse_variant
from analysis.arch.deeplab import DeepLabV3
from analysis.arch.families import NAMED
from analysis.arch.ssd import SSD
from analysis.arch.text import known
from analysis.problem import Problem

HEAD_RESOLUTION = {"ssd": 320, "ssdlite": 320, "deeplab_v3": 513}  # of the published counts


@dataclasses.dataclass(frozen=True)
class Network:
    """Which network: a preset, a family or a whole variant, with some axes changed, and a head on it."""

    preset: str | None = None
    """imagenet (the paper's, the default), cifar, brief, or a successor: mnasnet_0.5, mnasnet_1.0, mobilenet_v3_large,
    mobilenet_v3_small, mobilenet_v4_small, efficientnet_lite0, efficientnet_b0, efficientnet_v2_s."""
    family: str | None = None
    """A family at its defaults instead: mobilenet_v2, mobilenet_v1, shufflenet_v1, shufflenet_v2, plain
    (MobileNetV1 with full convolutions), resnet, nasnet, vgg_ssd, yolo_v2."""
    variant: str | None = None
    """A variant's text instead: 'mobilenet_v2(width=0.5, ...)'; axes left out are the paper's."""
    width: float | None = None
    """Multiplier of every layer's channels."""
    resolution: int | None = None
    """Side of the input in pixels."""
    expansion: float | None = None
    """Inner depth of a block over its input channels."""
    projection: str | None = None
    """What follows the projection: linear, relu6, relu, relu6_after_addition."""
    shortcut: str | None = None
    """What the identity joins: bottleneck, expansion, expansion_after_depthwise, bottleneck_matched, none."""
    activation: str | None = None
    """relu6, relu, hard_swish, silu."""
    kernel: int | None = None
    """Side of the depthwise convolutions, 0 for none between expansion and projection."""
    start: int | None = None
    """Side of a depthwise convolution before the expansion, 0 for none."""
    fused: bool = False
    """One full convolution in place of expansion and depthwise convolution."""
    norm: str | None = None
    """What follows a convolution: batch, group, none (a bias instead)."""
    branches: bool = False
    """A 1 x 1 branch and the identity next to each depthwise convolution in training, one kernel in inference."""
    squeeze: float | None = None
    """Squeeze-and-excitation in every block: channels between its layers over the inner ones (0.25). 0: none."""
    squeeze_place: str | None = None
    """Where it is: depthwise (after that convolution), projection."""
    gate: str | None = None
    """What makes its gates: hard_sigmoid, sigmoid."""
    groups: int | None = None
    """Groups of ShuffleNet's 1 x 1 convolutions: 1, 2, 3, 4, 8."""
    classes: int | None = None
    """Number of classes."""
    head: Literal["ssd", "ssdlite", "deeplab_v3"] | None = None
    """Replaces the classifier of mobilenet_v2 or mobilenet_v1."""
    output_stride: Literal[16, 8] | None = None
    """Of deeplab_v3."""
    aspp: bool = True
    """Atrous convolutions next to the 1 x 1 one in deeplab_v3."""

    def choose(self) -> Variant:
        """The variant.

        Raises:
            Problem: an unknown preset, family, axis or value, or an option of another head.
        """
        base = self._base()
        axes = self._given("width", "resolution", "expansion", "projection", "shortcut", "activation", "kernel")
        axes |= self._given("norm", "start", "squeeze", "squeeze_place", "gate", "groups")
        axes |= {axis: True for axis in ("fused", "branches") if getattr(self, axis)}
        if self.head is None:
            axes |= self._given("classes")
        elif self.variant is None and self.preset is None:
            axes = {"resolution": HEAD_RESOLUTION[self.head]} | axes
        names = [field.name for field in dataclasses.fields(base)]
        for axis in axes:
            known(axis, names, f"axis of {base.family}")
        base = dataclasses.replace(base, **axes)
        options = self._given("output_stride") | ({} if self.aspp else {"aspp": False})
        if options and self.head != "deeplab_v3":
            raise Problem("--output-stride and --no-aspp belong to --head deeplab_v3")
        if self.head is None:
            return base
        head = DeepLabV3 if self.head == "deeplab_v3" else SSD
        lite = {"lite": self.head == "ssdlite"} if head is SSD else {}
        return head(base, **lite, **options, **self._given("classes"))  # type: ignore[arg-type]

    def _base(self) -> Variant:
        if sum(choice is not None for choice in (self.preset, self.family, self.variant)) > 1:
            raise Problem("choose one of --preset, --family and --variant")
        if self.variant is not None:
            return parse_variant(self.variant)
        if self.family is not None:
            return FAMILIES[known(self.family, FAMILIES, "family")]()
        return NAMED[known(self.preset or "imagenet", NAMED, "preset")]

    def _given(self, *axes: str) -> dict[str, Any]:
        return {axis: getattr(self, axis) for axis in axes if getattr(self, axis) is not None}
