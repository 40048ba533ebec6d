"""The blocks of a MobileNetV2, unrolled from its rows."""

from typing import TYPE_CHECKING

from analysis.arch.blocks import full, identity, pointwise, stem
from analysis.arch.inverted_residual import Bottleneck, entry, inner_depth, inverted_residual
from analysis.arch.plan import Shape
from analysis.arch.rows import CONV, IDENTITY, later
from analysis.arch.sketch import PlanSketch
from analysis.arch.universal import fused, universal

if TYPE_CHECKING:
    from analysis.arch.mobilenet_v2 import MobileNetV2

# The tensor at which an identity between expanded tensors starts. It ends at the input of the next block's depthwise
# convolution.
DEPARTURES = {"expansion": entry, "expansion_after_depthwise": lambda _: "depthwise.activation"}


def add_trunk(sketch: PlanSketch, v: "MobileNetV2", output_stride: int | None = None) -> list[str]:
    """Append the stem and the bottlenecks, and return the names of the stages' results.

    Strides that would take the total beyond `output_stride` become dilation of the blocks after them (section 6.3).
    """
    sketch.block("stem", stem(sketch.image, v.channels(v.stem), v.stem_stride, v.activation))
    results: list[str] = []
    leaves: tuple[str, Shape] | None = None  # the tensor where an expansion shortcut starts
    stride, dilation = v.stem_stride, 1
    residuals = v.shortcut in ("bottleneck", "bottleneck_matched")
    index, unmatched = 0, sum(row[2] for row in v.rows) if v.shortcut == "bottleneck_matched" else 0
    x, inner, made = sketch.shape, 0, None
    for row, (t, c, n, s, kernel, activation) in zip(v.rows, v.stages, strict=True):
        ratio, start, joint = later(row, v.later)
        channels = v.channels(c)
        dilate = output_stride is not None and stride * s > output_stride
        filtering, functions = (kernel, 1 if dilate else s, dilation), (activation, v.projection)
        if dilate:
            dilation *= s
        else:
            stride *= s
        if t == IDENTITY:
            changes = s > 1 or sketch.shape[0] != channels
            for repeat in range(n):
                index += 1
                sketch.block(f"identity{index}", identity(sketch.shape, channels, filtering[1], changes and not repeat))
            results.append(sketch.last)
            continue
        if t == CONV:
            for repeat in range(n):
                index += 1
                body = full(sketch.shape, channels, 1 if repeat else filtering[1], filtering[2], activation, kernel)
                sketch.block(f"conv{index}", body)
                filtering = kernel, 1, dilation
            results.append(sketch.last)
            continue
        for repeat in range(n):
            index += 1
            if repeat < 2 or index == unmatched:  # further repeats are like the second
                x = sketch.shape
                residual = residuals and x[0] == channels and (repeat > 0 or s == 1)
                inner = inner_depth(t, x[0], residual)
                if repeat > 0:
                    filtering = kernel, 1, dilation
                squeeze = v.excitation(ratio, inner, x[0]) if ratio else None
                made = Bottleneck(inner, channels, filtering, functions, residual and index != unmatched, squeeze)
            enters = leaves[0] if leaves and leaves[1] == (inner, *x[1:]) else None
            if joint:
                body = fused(x, made)
            elif start or not kernel:
                body = universal(x, start, made)
            else:
                body = inverted_residual(x, made, enters is not None)
            block = sketch.block(f"bottleneck{index}", body, identity=enters)
            if v.shortcut in DEPARTURES:
                local = DEPARTURES[v.shortcut](body)
                leaves = block.tensor(local), body.shapes[local]
        results.append(sketch.last)
    return results


def add_last(sketch: PlanSketch, v: "MobileNetV2") -> str:
    """Append the last convolution and return the name of its result."""
    return sketch.block("last", pointwise(sketch.shape, v.last_channels, v.activation)).output
