"""State dicts of torchvision and timm: whose they are, and of which width."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from torch import Tensor

from analysis.arch.families import unroll
from analysis.arch.mobilenet_v2 import MobileNetV2
from analysis.nn.backend import build
from analysis.nn.published.fitting import Seen, SeenBlock, agree, fit, seen
from analysis.nn.published.kinds import IMAGENET_PIXELS, Published
from analysis.nn.weights import (
    TIMM_ROWS,
    load_timm_state_dict,
    load_torchvision_state_dict,
    timm_names,
    timm_variant,
    torchvision_names,
)
from analysis.problem import Problem

LOADERS = {"torchvision": load_torchvision_state_dict, "timm": load_timm_state_dict}
NAMES = {"torchvision": torchvision_names, "timm": timm_names}
KNOWN = {
    "torchvision": ("features.0.0.weight", "classifier.1.weight"),
    "timm": ("conv_stem.weight", "conv_head.weight"),
}


def layout_of(state: Mapping[str, Tensor]) -> str | None:
    """The library whose names the tensors, of any shape, have, or None."""
    return next((layout for layout, keys in KNOWN.items() if all(key in state for key in keys)), None)


def read_state(state: Mapping[str, Tensor], layout: str, variant: MobileNetV2 | None, path: Path) -> Published:
    """The network of a state dict. Without `variant` it has the width, rows and classes that the shapes show.

    Raises:
        Problem: tensors that are missing, left over, of other shapes or without values that can be used.
    """
    variant = variant or _fitting(state, layout)
    network = build(unroll(variant))
    try:
        LOADERS[layout](network, state)
    except Problem as problem:
        raise Problem(f"{path}: {problem}") from problem
    return Published(layout, variant, network.state_dict(), IMAGENET_PIXELS, background=variant.classes == 1001)


def _fitting(state: Mapping[str, Tensor], layout: str) -> MobileNetV2:
    """The network whose channels the shapes show. Where none has them the paper's, which says what does not fit."""
    deep = [timm_variant(name) for name in TIMM_ROWS] if layout == "timm" else []
    for base in (MobileNetV2(), *deep):
        names = NAMES[layout](build(unroll(base)))
        shapes = {
            ours: tuple(state[f"{name}.weight"].shape) for ours, name in names.items() if f"{name}.weight" in state
        }
        if len(shapes) != len(names) or any(len(shape) != 4 for ours, shape in shapes.items() if ours.endswith("conv")):
            continue
        found = _seen(shapes, base)
        if len(shapes["head.linear"]) == 2 and agree(found, seen(unroll(replace(base, classes=found.classes)))):
            return replace(base, classes=found.classes)
        try:
            return fit(found, base)
        except Problem:
            continue
    return MobileNetV2()


def _seen(shapes: Mapping[str, tuple[int, ...]], base: MobileNetV2) -> Seen:
    blocks = []
    for index in range(1, 1 + sum(row[2] for row in base.rows)):
        depthwise, project = (shapes[f"bottleneck{index}.{part}.conv"] for part in ("depthwise", "project"))
        expands = f"bottleneck{index}.expand.conv" in shapes
        blocks.append(SeenBlock(depthwise[0], project[0], depthwise[2], None, expands))
    return Seen(shapes["stem.conv"][0], tuple(blocks), shapes["last.conv"][0], shapes["head.linear"][0])
