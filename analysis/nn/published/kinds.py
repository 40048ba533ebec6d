"""What a file of published weights holds, whatever its layout."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor

from analysis.arch.families import unroll
from analysis.arch.folding import folded
from analysis.arch.mobilenet_v2 import MobileNetV2
from analysis.arch.plan import Plan
from analysis.nn.backend import build
from analysis.nn.network import Network
from analysis.nn.quantise import Grid
from analysis.problem import Problem

CLASSES = 1000  # of ImageNet


class Pixels(NamedTuple):
    """What a network reads of 8-bit colours: (pixel - mean) / std by channel, pixels from 0 to 255."""

    mean: tuple[float, float, float]
    std: tuple[float, float, float]

    @classmethod
    def grey(cls, mean: float, std: float) -> "Pixels":
        """The same for each channel."""
        return cls((mean, mean, mean), (std, std, std))


# Published with the weights: torchvision.transforms and timm.data of mobilenet_v2, keras.applications.mobilenet_v2.
IMAGENET_PIXELS = Pixels((123.675, 116.28, 103.53), (58.395, 57.12, 57.375))
TENSORFLOW_PIXELS = Pixels.grey(127.5, 127.5)


@dataclass(frozen=True, eq=False)
class Published:
    """A trained network out of a file.

    - `layout`: torchvision, timm, keras, tflite. `variant`: its architecture. A file without a classifier has
      `features`.
    - `state`: its tensors under this suite's names. With `folded` they are those of the folded Plan.
    - `pixels`: how its input is made. `background`: its first class is none of the 1000 of ImageNet.
    - `grids`: of a file of integers, the grid of the image and of each tensor that its kernels write, its scores
      included. `scales`: of the weights of its layers, one or one for each output channel. `signed`: its integers
      go from -128 to 127, not from 0 to 255.
    - `left_out`: layers of the file that are not part of the network.
    """

    layout: str
    variant: MobileNetV2
    state: Mapping[str, Tensor]
    pixels: Pixels
    folded: bool = False
    background: bool = False
    grids: Mapping[str, Grid] = field(default_factory=dict)
    scales: Mapping[str, np.ndarray] = field(default_factory=dict)
    signed: bool = False
    left_out: tuple[str, ...] = ()

    @property
    def classifies(self) -> bool:
        """Whether it has a classifier of ImageNet."""
        return not self.variant.features and self.variant.classes == CLASSES + self.background

    @property
    def plan(self) -> Plan:
        """The Plan whose tensors `state` holds."""
        plan = unroll(self.variant)
        return folded(plan) if self.folded else plan

    def network(self) -> Network:
        """The network with its weights in evaluation mode, run by torch's operators."""
        network = build(self.plan)
        network.load_state_dict({**network.state_dict(), **self.state})
        return network.eval()

    def at(self, resolution: int) -> "Published":
        """The same weights for images of another side in pixels.

        Raises:
            Problem: a side that is not a multiple of the total stride.
        """
        made = replace(self, variant=replace(self.variant, resolution=resolution))
        unroll(made.variant)
        return made

    def labels(self, classes: np.ndarray) -> np.ndarray:
        """Classes 0 to 999 of ImageNet, of any shape, as this network counts them."""
        return classes + 1 if self.background else classes

    @property
    def said(self) -> str:
        """One line for a reader."""
        each = "channel" if any(len(scales) > 1 for scales in self.scales.values()) else "tensor"
        integers = f", integers with a scale for each {each}" if self.grids else ""
        parts = "norms folded" if self.folded else "norms apart"
        head = f"{self.variant.classes} classes" if not self.variant.features else "no classifier"
        side = " x ".join(map(str, self.variant.size))
        width = f"width {self.variant.width:g}"
        left = f", without {', '.join(self.left_out)}" if self.left_out else ""
        return f"{self.layout} weights, {width} at {side}, {head}, {parts}{integers}{left}"


def tensor(values: np.ndarray, name: str, shape: tuple[int, ...]) -> Tensor:
    """Numbers of a file as a float32 tensor of the `shape` that the network wants.

    Raises:
        Problem: another shape, no floating-point numbers, or some that are not finite.
    """
    if values.shape != shape:
        raise Problem(f"{name} is of shape {values.shape}, not {shape}: choose the network's width and classes to fit")
    if values.dtype.kind != "f":
        raise Problem(f"{name} is of {values.dtype} without a scale: save the weights as floating-point numbers")
    if wrong := int((~np.isfinite(values)).sum()):
        raise Problem(f"{name} has {wrong} of {values.size} values that are not finite: the training diverged")
    return torch.from_numpy(np.ascontiguousarray(values, np.float32))
