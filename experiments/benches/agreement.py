"""Whether a training step on a device computes what it should: its loss and its gradient against float64 on a CPU."""

from typing import Any, NamedTuple

import numpy as np
import torch
from torch import Tensor

from analysis.arch import preset
from analysis.arch.deeplab import DeepLabV3
from analysis.arch.mobilenet_v2 import MobileNetV2
from analysis.arch.ssd import SSD
from analysis.data.boxes import DetectionData, Pictures
from analysis.data.cifar import load_dataset
from analysis.data.finished import TestSplit
from analysis.data.masks import Scenes, SegmentationData
from analysis.tasks.classification.recipe import Recipe
from analysis.tasks.detection.recipe import DetectionRecipe
from analysis.tasks.low_precision.recipe import QuantisedRecipe
from analysis.tasks.recipes import task
from analysis.tasks.segmentation.recipe import SegmentationRecipe
from analysis.tasks.task import learner_on
from analysis.training.device import CPU, precision
from analysis.training.streams import seeded

SIZE = (64, 96)
IMAGES = 8
# Largest relative error of loss and gradient by type. A gradient that has nothing to do with the right one has an error
# of 1.4. Where a value crosses the kink of a ReLU6, all before it changes: float32 on a CPU is 0.015 off, bfloat16 0.4.
TOLERANCES = {torch.float32: (5e-3, 0.25), torch.bfloat16: (3e-2, 0.8)}
TRUNK = MobileNetV2(resolution=SIZE, stem=8, rows=((1, 8, 1, 1), (6, 12, 2, 2), (6, 16, 2, 2), (6, 24, 2, 2)), last=32)


class Agreement(NamedTuple):
    """Of the step of a `task` in a `type`: relative errors of `loss` and `gradient` to float64 on a CPU, and whether
    they are within the tolerances."""

    task: str
    type: str
    loss: float
    gradient: float
    agrees: bool


def cases() -> dict[str, tuple[Any, Any, Any]]:
    """Variant, recipe and drawn data of each task; no dropout, whose masks are a device's own."""
    random = np.random.default_rng(0)
    shades = {"mean": (120.0, 120.0, 120.0), "std": (60.0, 60.0, 60.0)}
    images = random.integers(0, 256, (IMAGES, *SIZE, 3), np.uint8)
    same = {"digest": "", "note": "", "classes": ("a", "b", "c"), **shades}
    corners = random.random((IMAGES, 4, 2)).astype(np.float32) * 0.6
    boxes = list(np.concatenate([corners, corners + 0.3], 2))
    pictures = Pictures(images, boxes, [random.integers(0, 3, 4) for _ in range(IMAGES)])
    masks = random.integers(0, 4, (IMAGES, *SIZE)).astype(np.uint8)
    scenes = Scenes(images, list(masks))
    detection = DetectionData("drawn", train=pictures, validation=pictures, test=TestSplit(lambda: pictures), **same)
    segmentation = SegmentationData(
        "drawn", train_images=images, train_masks=masks, validation=scenes, test=TestSplit(lambda: scenes), **same
    )
    recipe, small = Recipe(batch=32, validation=20), preset("brief", dropout=0.0)
    labelled = load_dataset("synthetic", train=100, test=20)
    return {
        "classification": (small, recipe, labelled),
        "low precision": (small, QuantisedRecipe(training=recipe), labelled),
        "detection": (
            SSD(TRUNK, lite=True, classes=3, extras=(32,), anchors=(6, 6, 6)),
            DetectionRecipe(batch=IMAGES),
            detection,
        ),
        "segmentation": (
            DeepLabV3(TRUNK, output_stride=8, aspp=False, depth=16, classes=3, dropout=0.0),
            SegmentationRecipe(batch=IMAGES, crop=(48, 64)),
            segmentation,
        ),
    }


def agreements(device: torch.device) -> list[Agreement]:
    """Of the step of every task on the device, in float32 and in what it trains in."""
    found = []
    for name, case in cases().items():
        expected = step(case, CPU, torch.float64)
        for type_ in dict.fromkeys((torch.float32, precision(device))):
            pairs = zip(step(case, device, type_), expected, strict=True)
            loss, gradient = (float((a - b).norm() / b.norm()) for a, b in pairs)
            most_loss, most_gradient = TOLERANCES[type_]
            within = loss <= most_loss and gradient <= most_gradient
            found.append(Agreement(name, str(type_).removeprefix("torch."), loss, gradient, within))
    return found


def step(case: tuple[Any, Any, Any], device: torch.device, type_: torch.dtype) -> tuple[Tensor, Tensor]:
    """The loss of the first batch, a scalar, and the gradient of all parameters, (P,), in float64 on the CPU."""
    variant, recipe, data = case
    with seeded(0, device):
        learner: Any = learner_on(device, task(recipe), variant, recipe, data, 0, "eager", None)
    learner.network.train()
    batch = next(iter(learner.batches()))
    if type_ == torch.float64:
        learner.network.double()
        for name, value in vars(learner).items():
            setattr(learner, name, doubled(value))
        batch = doubled(batch)
    else:
        learner.precision = type_
    loss: Tensor = learner.loss(batch)
    loss.backward()
    gradients = [p.grad.flatten() for p in learner.network.parameters() if p.grad is not None]
    return loss.detach().double().to("cpu"), torch.cat(gradients).double().to("cpu")


def doubled(value: Any) -> Any:
    """Tensors of floats in float64, in tuples and lists too; all else as it is."""
    if isinstance(value, Tensor):
        return value.double() if value.is_floating_point() else value
    return type(value)(map(doubled, value)) if type(value) in (tuple, list) else value
