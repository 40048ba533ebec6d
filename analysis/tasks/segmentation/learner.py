"""Training of a segmentation network: a variant, a recipe, a data set and a seed become a result."""

import math
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
import torch

from analysis.arch import unroll
from analysis.arch.deeplab import DeepLabV3, passes
from analysis.data.finished import Finished
from analysis.data.masks import SegmentationData
from analysis.nn import Network, build, initialise
from analysis.nn.transfer import start_from
from analysis.problem import Problem
from analysis.tasks.segmentation.baselines import Guess, guesses
from analysis.tasks.segmentation.batches import training_batches
from analysis.tasks.segmentation.evaluate import ShownMask, at_size, evaluate, sharing, show
from analysis.tasks.segmentation.loss import class_weights, pixel_loss
from analysis.tasks.segmentation.recipe import MULTI_SCALE, ONE_SIZE, SegmentationRecipe
from analysis.tasks.segmentation.score import class_iou, mean_iou
from analysis.training.optimiser import descent
from analysis.training.streams import Streams, streams


@dataclass(frozen=True)
class SegmentationEpoch:
    """One pass: mean training loss over its steps, mean IoU on the validation split where it was looked at, seconds of
    the pass."""

    train_loss: float
    validation_iou: float | None
    seconds: float


Progress = Callable[[int, SegmentationEpoch], None]  # (epochs done, the last)


@dataclass(frozen=True)
class SegmentationResult:
    """What a training came to.

    `status` is "finished" or "diverged": a loss that is no finite number ends the training, and the test split stays
    unread. `test_score`: mean IoU of the test images after the last epoch; `test_classes`: IoU of each class, None
    where it is absent; `test_images`: how many. `readings`, `readings_by_class`: the same by way of scoring, ONE_SIZE
    and MULTI_SCALE, where the recipe asks for both. `validation_classes`: of the validation split. `start`: what the
    trunk started from, "" from scratch. `classes`: their names.
    `blind`: what guesses without a look at the image score on the test images.
    `shown`: the predictions for a few of them.
    """

    status: str
    steps: int
    epochs: tuple[SegmentationEpoch, ...]
    validation_classes: tuple[float | None, ...] = ()
    test_score: float | None = None
    test_classes: tuple[float | None, ...] = ()
    test_images: int | None = None
    readings: dict[str, float] = field(default_factory=dict)
    readings_by_class: dict[str, tuple[float | None, ...]] = field(default_factory=dict)
    start: str = ""
    classes: tuple[str, ...] = ()
    blind: tuple[Guess, ...] = ()
    shown: tuple[ShownMask, ...] = ()


def train_segmenter(
    variant: DeepLabV3,
    recipe: SegmentationRecipe,
    data: SegmentationData,
    seed: int,
    *,
    backend: str = "eager",
    checkpoint: Path | None = None,
    read_test: bool = True,
    progress: Progress | None = None,
) -> tuple[Network, SegmentationResult]:
    """Train a network of `variant` and score whole images at the variant's own size; read the test split once, behind
    the last step, and not at all without `read_test`.

    The seed feeds three independent streams: initial weights, order of the data, augmentation; the last two do not
    depend on the network. `backend`: see `analysis.nn.build`. The trunk starts from a classifier's `checkpoint` if one
    is given (`start_from`). `progress` is told of each epoch.

    Raises:
        Problem: classes of network and data differ, the training images do not fill one batch, or `start_from` refuses
            the checkpoint.
    """
    if variant.classes != len(data.classes):
        raise Problem(f"the network tells {variant.classes} classes apart, {data.name} has {len(data.classes)}")
    planned = len(data.train_masks) // recipe.batch * recipe.epochs
    if planned == 0:
        raise Problem(f"{len(data.train_masks)} training images of {data.name} do not fill a batch of {recipe.batch}")
    stream = streams(seed)
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(stream.init)  # dropout draws from torch's own state
        network = build(unroll(at_size(variant, recipe.crop)), backend)
        initialise(network, stream.init, recipe.initialisation)
        start = ""
        if checkpoint:
            origin, copied = start_from(network, checkpoint)
            start = f"{len(copied)} tensors of {origin.variant}, {origin.recipe}, {origin.dataset}, seed {origin.seed}"
        (whole,) = sharing(network, [variant])
        result = _descend(network, whole, recipe, data, stream, planned, progress)
    result = replace(result, start=start, classes=data.classes)
    if result.status == "finished" and read_test:
        scenes = data.test(Finished(result.steps, planned))
        matrix = evaluate([whole], scenes, data)
        result = replace(
            result,
            test_score=mean_iou(matrix),
            test_classes=class_iou(matrix),
            test_images=len(scenes.masks),
            blind=guesses(scenes, data),
            shown=show(whole, scenes, data),
        )
        if recipe.multi_scale:
            several = evaluate(sharing(whole, passes(variant)[::2]), scenes, data, mirror=True)
            result = _with_readings(result, {ONE_SIZE: matrix, MULTI_SCALE: several})
    return whole, result


def _with_readings(result: SegmentationResult, matrices: dict[str, np.ndarray]) -> SegmentationResult:
    scores = {name: score for name, matrix in matrices.items() if (score := mean_iou(matrix)) is not None}
    return replace(
        result, readings=scores, readings_by_class={name: class_iou(matrix) for name, matrix in matrices.items()}
    )


def _descend(
    network: Network,
    whole: Network,
    recipe: SegmentationRecipe,
    data: SegmentationData,
    stream: Streams,
    planned: int,
    progress: Progress | None,
) -> SegmentationResult:
    """Train `network` for `planned` steps, look at the validation split through `whole`, which shares its weights."""
    weights = torch.tensor(class_weights(data.pixels(), recipe.weighting))
    optimizer, schedule = descent(network, recipe, planned)
    size = whole.plan.image[1], whole.plan.image[2]
    done, epochs, ious = 0, [], ()
    while done < planned:
        started, losses = time.perf_counter(), []
        network.train()
        for images, masks in training_batches(data, recipe, stream, size):
            loss = pixel_loss(network(images), masks, weights)
            losses.append(loss.item())
            if not math.isfinite(losses[-1]):
                return SegmentationResult("diverged", done, tuple(epochs))
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            schedule.step()
            done += 1
        seconds, score = time.perf_counter() - started, None
        if (len(epochs) + 1) % recipe.check_every == 0 or done == planned:
            matrix = evaluate([whole], data.validation, data)
            score, ious = mean_iou(matrix), class_iou(matrix)
        epochs.append(SegmentationEpoch(math.fsum(losses) / len(losses), score, seconds))
        if progress:
            progress(len(epochs), epochs[-1])
    return SegmentationResult("finished", done, tuple(epochs), ious)
