"""The training of a detector: a variant, a recipe, a data set and a seed become a result."""

import math
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import torch
from torch import Tensor

from analysis.arch import unroll
from analysis.arch.ssd import SSD
from analysis.data.boxes import DetectionData, Pictures
from analysis.data.finished import Finished
from analysis.nn import Network, build, initialise
from analysis.nn.transfer import start_from
from analysis.problem import Problem
from analysis.tasks.detection.anchors import anchors, flatten
from analysis.tasks.detection.baselines import guesses
from analysis.tasks.detection.batches import training_batches
from analysis.tasks.detection.evaluate import ShownBoxes, detect, show
from analysis.tasks.detection.loss import detection_loss, targets
from analysis.tasks.detection.recipe import DetectionRecipe
from analysis.tasks.detection.score import Precision, average_precision
from analysis.tasks.segmentation.baselines import Guess
from analysis.training.optimiser import descent
from analysis.training.streams import Streams, streams


@dataclass(frozen=True)
class DetectionEpoch:
    """One pass: mean training loss over its steps, AP at 0.50 on the validation split where it was looked at, seconds
    of the pass."""

    train_loss: float
    validation_ap: float | None
    seconds: float


Progress = Callable[[int, DetectionEpoch], None]  # (epochs done, the last)


@dataclass(frozen=True)
class DetectionResult:
    """What a training came to.

    `status` is "finished" or "diverged": a loss that is no finite number ends the training, and the test split stays
    unread. `validation`, and of the test images after the last epoch `test_score` (AP at 0.50), `test_mean` (over 0.50
    to 0.95) and `test_classes` (at 0.50), are in 0 ... 1; `test_images`: how many. `start`: what the trunk started
    from, "" from scratch. `classes`: their names.
    `blind`: what guesses without a look at the image score on the test images. `shown`: what is
    found in a few of them.
    """

    status: str
    steps: int
    epochs: tuple[DetectionEpoch, ...]
    validation: Precision | None = None
    test_score: float | None = None
    test_mean: float | None = None
    test_classes: tuple[float | None, ...] = ()
    test_images: int | None = None
    start: str = ""
    classes: tuple[str, ...] = ()
    blind: tuple[Guess, ...] = ()
    shown: tuple[ShownBoxes, ...] = ()


def train_detector(
    variant: SSD,
    recipe: DetectionRecipe,
    data: DetectionData,
    seed: int,
    *,
    backend: str = "eager",
    checkpoint: Path | None = None,
    read_test: bool = True,
    progress: Progress | None = None,
) -> tuple[Network, DetectionResult]:
    """Train a network of `variant`; read the test split once, behind the last step, and not at all without `read_test`.

    The seed feeds three independent streams: initial weights, order of the data, augmentation; the last two do not
    depend on the network. `backend`: see `analysis.nn.build`. The trunk starts from a classifier's `checkpoint` if one
    is given (`start_from`). `progress` is told of each epoch.

    Raises:
        Problem: classes or size of network and data differ, the training images do not fill one batch, `start_from`
            refuses the checkpoint, or pycocotools is missing.
    """
    stored = data.train.images.shape[1:3]
    if variant.classes != len(data.classes):
        raise Problem(f"the network tells {variant.classes} classes apart, {data.name} has {len(data.classes)}")
    if variant.size != stored:
        raise Problem(f"the network sees {variant.size}, {data.name} was loaded at {stored}; load it at the former")
    planned = recipe.steps(len(data.train.images))
    if planned == 0:
        raise Problem(f"{len(data.train.images)} training images of {data.name} do not fill a batch of {recipe.batch}")
    stream, start = streams(seed), ""
    network = build(unroll(variant), backend)
    initialise(network, stream.init, recipe.initialisation)
    calm(network)
    if checkpoint:
        origin, copied = start_from(network, checkpoint)
        start = f"{len(copied)} tensors of {origin.variant}, {origin.recipe}, {origin.dataset}, seed {origin.seed}"
    places = anchors(variant, recipe.anchor_scales)
    result = replace(
        _descend(network, places, recipe, data, stream, planned, progress), start=start, classes=data.classes
    )
    if result.status == "finished" and read_test:
        pictures = data.test(Finished(result.steps, planned))
        found = list(detect(network, pictures, data, places))
        test = average_precision(pictures, found, len(data.classes))
        result = replace(
            result,
            test_score=test.half,
            test_mean=test.mean,
            test_classes=test.classes,
            test_images=len(pictures.images),
            blind=guesses(pictures, data.train, len(data.classes)),
            shown=show(found),
        )
    return network, result


@torch.no_grad()
def calm(network: Network) -> None:
    """Scale the weights that make offsets and scores to a standard deviation of 0.01 (arXiv:1708.02002, section 4.1).

    As drawn for a ReLU to follow they make the first losses ten times as large as those of scores of 0.
    """
    for block in network.plan.blocks:
        if block.body.kind == "predictor":
            weight = network.get_submodule(f"{block.name}.{block.body.operations[-1].name}").weight
            assert isinstance(weight, Tensor)
            weight.mul_(0.01 / weight.std())


def evaluate(network: Network, pictures: Pictures, data: DetectionData, places: Tensor) -> Precision:
    """Average precision of the network with the anchors `places` (A, 4), centres, on the pictures."""
    return average_precision(pictures, list(detect(network, pictures, data, places)), len(data.classes))


def _descend(
    network: Network,
    places: Tensor,
    recipe: DetectionRecipe,
    data: DetectionData,
    stream: Streams,
    planned: int,
    progress: Progress | None,
) -> DetectionResult:
    optimizer, schedule = descent(network, recipe, planned)
    size, classes = (network.plan.image[1], network.plan.image[2]), len(data.classes)
    done, epochs, validation = 0, [], None
    while done < planned:
        started, losses = time.perf_counter(), []
        network.train()
        for images, boxes, labels in training_batches(data, recipe, stream, size):
            aims = targets(boxes, labels, places, classes, recipe.matched)
            loss = detection_loss(*flatten(network(images), classes), aims)
            losses.append(loss.item())
            if not math.isfinite(losses[-1]):
                return DetectionResult("diverged", done, tuple(epochs))
            optimizer.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_(network.parameters(), recipe.clip)
            optimizer.step()
            schedule.step()
            done += 1
        seconds, score = time.perf_counter() - started, None
        if (len(epochs) + 1) % recipe.check_every == 0 or done == planned:
            validation = evaluate(network, data.validation, data, places)
            score = validation.half
        epochs.append(DetectionEpoch(math.fsum(losses) / len(losses), score, seconds))
        if progress:
            progress(len(epochs), epochs[-1])
    return DetectionResult("finished", done, tuple(epochs), validation)
