"""The Variant whose network has the channels that a file of weights shows."""

from dataclasses import replace
from itertools import takewhile
from typing import NamedTuple

from analysis.arch.families import unroll
from analysis.arch.mobilenet_v2 import MobileNetV2
from analysis.arch.plan import Conv, Plan
from analysis.problem import Problem

WIDTHS = (1.0, 0.35, 0.5, 0.75, 1.3, 1.4)  # that the authors published
ROUND = tuple(i / 20 for i in range(1, 41))  # tried before widths of many digits
WIDEST = 2.0


class SeenBlock(NamedTuple):
    """An inverted residual: channels of its depthwise convolution and of its result, kernel, stride if it is known."""

    inner: int
    channels: int
    kernel: int
    stride: int | None
    expands: bool


class Seen(NamedTuple):
    """Channels of the stem, the blocks, channels of the last convolution, classes (0 without a classifier)."""

    stem: int
    blocks: tuple[SeenBlock, ...]
    last: int
    classes: int


def seen(plan: Plan) -> Seen:
    """What a Plan of a MobileNetV2 shows."""
    blocks = []
    for block in plan.blocks:
        if block.body.kind == "inverted_residual":
            convs = {op.name: op for op in block.body.operations if isinstance(op, Conv)}
            depthwise, project = convs["depthwise.conv"], convs["project.conv"]
            stated = depthwise.channels, project.shape[0], depthwise.kernel, depthwise.stride
            blocks.append(SeenBlock(*stated, "expand.conv" in convs))
    first, last = plan.blocks[0].body.shape[0], next(b for b in plan.blocks if b.name == "last").body.shape[0]
    head = [block.body.shape[0] for block in plan.blocks if block.name == "head"]
    return Seen(first, tuple(blocks), last, head[0] if head else 0)


def fit(found: Seen, base: MobileNetV2) -> MobileNetV2:
    """`base` with the width that gives the channels that were found, or with rows that state them all.

    `base` has the resolution and the other axes. Without classes the variant returns the last convolution.

    Raises:
        Problem: no width fits, and strides are not known.
    """
    head = {"classes": found.classes} if found.classes else {"features": (len(base.rows) - 1,)}
    plain, base = base, replace(base, **head)
    steps = takewhile(lambda width: width <= WIDEST, base.width_steps())
    tried = set()
    for width in (*WIDTHS, *ROUND, *steps):
        variant = replace(base, width=width)
        key = variant.channels(base.stem), variant.last_channels, *(variant.channels(row[1]) for row in base.rows)
        if key not in tried and agree(found, seen(unroll(variant))):
            return variant
        tried.add(key)
    return _stated(found, replace(plain, classes=found.classes or plain.classes, features=()))


def agree(found: Seen, ours: Seen) -> bool:
    """Whether a Plan has what was found. A stride that is not known agrees with any."""
    if found._replace(blocks=()) != ours._replace(blocks=()) or len(found.blocks) != len(ours.blocks):
        return False
    pairs = zip(found.blocks, ours.blocks, strict=True)
    return all(b == (a if a.stride is not None else a._replace(stride=b.stride)) for a, b in pairs)


def _stated(found: Seen, base: MobileNetV2) -> MobileNetV2:
    channels, rows = found.stem, []
    for block in found.blocks:
        if block.stride is None:
            raise Problem("the channels are those of no width of MobileNetV2: name the network with --variant")
        rows.append((block.inner / channels, block.channels, 1, block.stride, block.kernel))
        channels = block.channels
    features = () if found.classes else (len(rows) - 1,)
    stated = replace(base, rows=tuple(rows), stem=found.stem, last=found.last, rounding=1, features=features)
    if not agree(found, seen(unroll(stated))):
        raise Problem("the layers are not those of a MobileNetV2: a block expands without need, or not where it must")
    return stated
