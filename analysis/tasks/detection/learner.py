"""Learning to find boxes: matched anchors and hard negatives, scored by average precision."""

from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any, ClassVar, cast

import torch
from torch import Tensor

from analysis.arch import unroll
from analysis.arch.ssd import SSD
from analysis.data.boxes import BCCD, DetectionData, Pictures, load_detection
from analysis.data.finished import Finished
from analysis.data.folder import class_names, find_folder, remembered
from analysis.nn import Network, build, initialise
from analysis.problem import Problem
from analysis.tasks.detection.anchors import anchors, flatten
from analysis.tasks.detection.baselines import guesses
from analysis.tasks.detection.batches import Batch, HeldPictures, training_batches
from analysis.tasks.detection.evaluate import detect, show
from analysis.tasks.detection.loss import detection_loss, masked_loss, masked_targets, targets
from analysis.tasks.detection.recipe import DetectionRecipe
from analysis.tasks.detection.score import Precision, average_precision
from analysis.tasks.start import begin
from analysis.training.device import CPU, arithmetic, precision
from analysis.training.streams import streams

Drawn = tuple[Tensor, ...]  # the numbers of a batch on an accelerator, see HeldPictures


class Detector:
    """A detector that learns. See `analysis.training.loop.Learner`.

    The trunk starts from a classifier's checkpoint, or from published weights, if a file is given (`begin`).

    Raises:
        Problem: classes or size of network and data differ, or `begin` refuses the file.
    """

    validation: ClassVar[str] = "validation_ap"

    def __init__(
        self,
        variant: SSD,
        recipe: DetectionRecipe,
        data: DetectionData,
        seed: int,
        backend: str = "eager",
        start: Path | None = None,
        device: torch.device = CPU,
    ):
        if variant.classes != len(data.classes):
            raise Problem(f"the network has {variant.classes} classes, {data.name} has {len(data.classes)}")
        if variant.size != data.size:
            raise Problem(
                f"the network sees {variant.size}, {data.name} was loaded at {data.size}; load it at the former"
            )
        self.recipe, self.data, self.streams = recipe, data, streams(seed)
        self.device, self.precision = device, precision(device)
        self.network = self.scored = build(unroll(variant), backend, device)
        initialise(self.network, self.streams.init, recipe.initialisation)
        calm(self.network)
        self.start = begin(self.network, variant, recipe, start, data, data.train_images)
        self.anchors = anchors(variant, recipe.anchor_scales).to(device)
        self.validated: Precision | None = None
        self.held = HeldPictures.of(data, recipe, data.size, device) if device.type != "cpu" else None

    def batches(self) -> Iterator[Batch] | Iterator[Drawn]:
        """One epoch: images float32 (batch, 3, H, W), boxes (n, 4) and labels (n,) of each. On an accelerator the
        numbers of which `loss` makes them."""
        if self.held:
            return self.held.batches(self.data, self.recipe, self.streams, self.data.size)
        return training_batches(self.data, self.recipe, self.streams, self.data.size)

    def loss(self, batch: Batch | Drawn) -> Tensor:
        """The detection loss of a batch (images (N, 3, H, W), boxes and labels of each), a scalar."""
        classes = len(self.data.classes)
        if self.held:
            shown, truths, of = self.held.examples(cast(Drawn, batch), self.data.size)
            wanted = masked_targets(truths, of, self.anchors, classes, self.recipe.matched)
            with arithmetic(self.device, self.precision):
                return masked_loss(*flatten(self.network(shown), classes), wanted)
        images, boxes, labels = cast(Batch, batch)
        aims = targets(boxes, labels, self.anchors, classes, self.recipe.matched)
        return detection_loss(*flatten(self.network(images), classes), aims)

    def validate(self) -> float | None:
        """Average precision at 0.50 on the validation pictures."""
        self.validated = evaluate(self.network, self.data.validation, self.data, self.anchors)
        return self.validated.half

    def test(self, certificate: Finished | None) -> dict[str, Any]:
        """`validation`, and of the test images after the last epoch `test_score` (AP at 0.50), `test_mean` (over 0.50
        to 0.95) and `test_classes` (at 0.50), all in 0 ... 1; `test_images`: how many. `start`: what the trunk started
        from, "" from scratch. `classes`: their names. `blind`: what guesses without a look at the image score on the
        test images. `shown`: what is found in a few of them."""
        classes = self.data.classes
        if certificate is None:
            scores = {"test_score": None, "test_mean": None, "test_classes": (), "test_images": None}
            return {"validation": None, **scores, "start": self.start, "classes": classes, "blind": (), "shown": ()}
        pictures = self.data.test(certificate)
        found = list(detect(self.network, pictures, self.data, self.anchors))
        precision = average_precision(pictures, found, len(classes))
        return {
            "validation": asdict(self.validated) if self.validated else None,
            "test_score": precision.half,
            "test_mean": precision.mean,
            "test_classes": precision.classes,
            "test_images": len(pictures.images),
            "start": self.start,
            "classes": classes,
            "blind": [asdict(guess) for guess in guesses(pictures, self.data.train, len(classes))],
            "shown": [asdict(each) for each in show(found)],
        }


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


class Detection:
    """The task of `DetectionRecipe`: folders of images and boxes in the PASCAL VOC layout."""

    recipe = DetectionRecipe
    learner = Detector

    def load(self, name: str, folder: str | Path | None, variant: SSD, progress: Any = None) -> DetectionData:
        """The data set `name` at the variant's size; all but BCCD name their classes in classes.txt.

        Raises:
            Problem: no folder is named, or it holds something else.
        """
        place = find_folder(name, folder)
        classes = BCCD if name == "bccd" else class_names(place, variant.classes)
        return remembered(load_detection, place, variant.size, classes, name)


TASK = Detection()
