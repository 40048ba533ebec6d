"""All families of networks by name, the named presets, and the functions that lead from a text to a Plan."""

from dataclasses import fields, replace
from functools import lru_cache
from typing import Any

from analysis.arch.deeplab import DeepLabV3
from analysis.arch.mobilenet_v1 import MobileNetV1, Plain
from analysis.arch.mobilenet_v2 import MobileNetV2
from analysis.arch.nasnet import NASNet
from analysis.arch.plan import Plan
from analysis.arch.resnet import ResNet
from analysis.arch.shufflenet_v1 import ShuffleNetV1
from analysis.arch.shufflenet_v2 import ShuffleNetV2
from analysis.arch.ssd import SSD
from analysis.arch.successors import SUCCESSORS
from analysis.arch.text import from_text, known
from analysis.arch.vgg_ssd import VGGSSD
from analysis.arch.yolo_v2 import YOLOv2

Variant = MobileNetV2 | MobileNetV1 | ShuffleNetV1 | ShuffleNetV2 | ResNet | NASNet | SSD | VGGSSD | YOLOv2 | DeepLabV3

CLASSIFIERS = (MobileNetV2, MobileNetV1, Plain, ShuffleNetV1, ShuffleNetV2, ResNet, NASNet)
HEADS = (SSD, VGGSSD, YOLOv2, DeepLabV3)
FAMILIES: dict[str, type[Variant]] = {cls.family: cls for cls in (*CLASSIFIERS, *HEADS)}

# The paper's network with the strides that suit 32 x 32 images: stem and 24-channel stage keep the size.
CIFAR_ROWS = tuple((t, c, n, 1 if c == 24 else s) for t, c, n, s in MobileNetV2().rows)
# The rows that separate the ablations fastest on a CPU: 3.2 M multiply-adds.
BRIEF_ROWS = ((6, 8, 2, 1), (6, 16, 6, 2), (6, 16, 6, 2))

PRESETS: dict[str, MobileNetV2] = {
    "imagenet": MobileNetV2(),
    "cifar": MobileNetV2(resolution=32, stem_stride=1, rows=CIFAR_ROWS, classes=10),
    "brief": MobileNetV2(resolution=32, stem=16, rows=BRIEF_ROWS, last=160, classes=10),
}
NAMED = PRESETS | SUCCESSORS


def preset(name: str, **axes: Any) -> MobileNetV2:
    """The preset or the successor called `name` with some axes changed.

    Raises:
        Problem: an unknown preset or axis, or a value that the axis does not allow.
    """
    base = NAMED[known(name, NAMED, "preset")]
    names = [field.name for field in fields(base)]
    for axis in axes:
        known(axis, names, f"axis of {base.family}")
    return replace(base, **axes)


def parse_variant(text: str) -> Variant:
    """The variant that `text` describes, as in `mobilenet_v2(width=0.5, ...)`. Axes left out take their defaults.

    Raises:
        Problem: the text has another form, or an unknown family, axis or value.
    """
    return from_text(text, FAMILIES, "family")


def differences(variant: Variant, base: Variant) -> dict[str, Any]:
    """The axes on which `variant` differs from `base`, with its values. Both are of one family."""
    pairs = ((field.name, getattr(variant, field.name)) for field in fields(variant))
    return {axis: value for axis, value in pairs if value != getattr(base, axis)}


def label(variant: Variant) -> str:
    """A short name for readers: the nearest preset or the family, then the axes that differ ("brief kernel=5").

    A successor names only variants with its rows.
    """
    bases = {
        name: base
        for name, base in NAMED.items()
        if type(base) is type(variant) and (name in PRESETS or base.rows == getattr(variant, "rows", None))
    }
    bases = bases or {variant.family: type(variant)()}
    name, changed = min(
        ((name, differences(variant, base)) for name, base in bases.items()), key=lambda pair: len(pair[1])
    )
    values = {axis: f"({label(v)})" if isinstance(v, Variant) else v for axis, v in changed.items()}
    return " ".join([name, *(f"{axis}={value}" for axis, value in values.items())])


@lru_cache(maxsize=4096)
def unroll(variant: Variant) -> Plan:
    """The Plan of a variant. Equal variants share one Plan."""
    return variant.unroll()
