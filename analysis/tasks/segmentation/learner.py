"""Learning to segment: weighted cross-entropy over pixels, scored by the mean intersection over union."""

from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any, ClassVar

import torch
from torch import Tensor

from analysis.arch import unroll
from analysis.arch.deeplab import DeepLabV3, passes
from analysis.data.finished import Finished
from analysis.data.folder import classes_and_void, find_folder, remembered
from analysis.data.masks import CAMVID, SegmentationData, load_segmentation
from analysis.nn import build, initialise
from analysis.problem import Problem
from analysis.tasks.segmentation.baselines import guesses
from analysis.tasks.segmentation.batches import HeldScenes, training_batches
from analysis.tasks.segmentation.evaluate import at_size, evaluate, sharing, show
from analysis.tasks.segmentation.loss import class_weights, pixel_loss
from analysis.tasks.segmentation.recipe import MULTI_SCALE, ONE_SIZE, SegmentationRecipe
from analysis.tasks.segmentation.score import class_iou, mean_iou
from analysis.tasks.start import begin
from analysis.training.device import CPU, arithmetic, precision
from analysis.training.streams import streams

Batch = tuple[Tensor, Tensor]  # images (N, 3, H, W), masks (N, H, W)
Drawn = tuple[Tensor, ...]  # the numbers of a batch on an accelerator, see HeldScenes


class Segmenter:
    """A segmentation network that learns. See `analysis.training.loop.Learner`.

    It is trained on windows and scored, through a network that shares its weights, on whole images at the variant's own
    size. The trunk starts from a classifier's checkpoint, or from published weights, if a file is
    given (`begin`).

    Raises:
        Problem: classes of network and data differ, or `begin` refuses the file.
    """

    validation: ClassVar[str] = "validation_iou"

    def __init__(
        self,
        variant: DeepLabV3,
        recipe: SegmentationRecipe,
        data: SegmentationData,
        seed: int,
        backend: str = "eager",
        start: Path | None = None,
        device: torch.device = CPU,
    ):
        if variant.classes != len(data.classes):
            raise Problem(f"the network has {variant.classes} classes, {data.name} has {len(data.classes)}")
        self.variant, self.recipe, self.data, self.streams = variant, recipe, data, streams(seed)
        self.device, self.precision = device, precision(device)
        self.network = build(unroll(at_size(variant, recipe.crop)), backend, device)
        initialise(self.network, self.streams.init, recipe.initialisation)
        self.start = begin(self.network, variant, recipe, start, data, data.train_images)
        (self.scored,) = sharing(self.network, [variant])
        self.weights = torch.tensor(class_weights(data.pixels(), recipe.weighting)).to(device)
        self.held = HeldScenes.of(data, recipe, variant.size, device) if device.type != "cpu" else None
        self.validated: tuple[float | None, ...] = ()

    def batches(self) -> Iterator[Batch] | Iterator[Drawn]:
        """One epoch: images float32 (batch, 3, *crop) and masks int64 (batch, *crop). On an accelerator the numbers of
        which `loss` makes them."""
        if self.held:
            return self.held.batches(self.data, self.recipe, self.streams, self.variant.size)
        return training_batches(self.data, self.recipe, self.streams, self.variant.size)

    def loss(self, batch: Batch | Drawn) -> Tensor:
        """The weighted cross-entropy of a batch (images (N, 3, H, W), masks (N, H, W)), a scalar."""
        classes = len(self.data.classes)
        images, masks = self.held.examples(batch, self.recipe.crop, classes) if self.held else batch
        with arithmetic(self.device, self.precision):
            return pixel_loss(self.network(images), masks, self.weights)

    def validate(self) -> float | None:
        """Mean IoU on the validation scenes."""
        matrix = evaluate([self.scored], self.data.validation, self.data)
        self.validated = class_iou(matrix)
        return mean_iou(matrix)

    def test(self, certificate: Finished | None) -> dict[str, Any]:
        """`validation_classes`: IoU of each class on the validation split, None where it is absent. `test_score`: mean
        IoU of the test images after the last epoch, with `test_classes` and `test_images`. `readings`,
        `readings_by_class`: the same by way of scoring, ONE_SIZE and MULTI_SCALE, where the recipe asks for both.
        `start`: what the trunk started from, "" from scratch. `classes`: their names. `blind`: what guesses without a
        look at the image score on the test images. `shown`: the predictions for a few of them."""
        classes = self.data.classes
        if certificate is None:
            scores = {"validation_classes": (), "test_score": None, "test_classes": (), "test_images": None}
            readings = {"readings": {}, "readings_by_class": {}}
            return {**scores, **readings, "start": self.start, "classes": classes, "blind": (), "shown": ()}
        scenes = self.data.test(certificate)
        matrix = evaluate([self.scored], scenes, self.data)
        matrices = {}
        if self.recipe.multi_scale:
            several = sharing(self.scored, passes(self.variant)[::2])
            matrices = {ONE_SIZE: matrix, MULTI_SCALE: evaluate(several, scenes, self.data, mirror=True)}
        return {
            "validation_classes": self.validated,
            "test_score": mean_iou(matrix),
            "test_classes": class_iou(matrix),
            "test_images": len(scenes.masks),
            "readings": {way: score for way, each in matrices.items() if (score := mean_iou(each)) is not None},
            "readings_by_class": {way: class_iou(each) for way, each in matrices.items()},
            "start": self.start,
            "classes": classes,
            "blind": [asdict(guess) for guess in guesses(scenes, self.data)],
            "shown": [asdict(each) for each in show(self.scored, scenes, self.data)],
        }


class Segmentation:
    """The task of `SegmentationRecipe`: folders of images and index masks."""

    recipe = SegmentationRecipe
    learner = Segmenter

    def load(self, name: str, folder: str | Path | None, variant: DeepLabV3, progress: Any = None) -> SegmentationData:
        """The data set `name` at the variant's size; all but CamVid name their classes in classes.txt, and there also
        the value of void, where it is not the number of classes.

        Raises:
            Problem: no folder is named, or it holds something else.
        """
        place = find_folder(name, folder)
        classes, void = (CAMVID, None) if name == "camvid" else classes_and_void(place, variant.classes)
        return remembered(load_segmentation, place, variant.size, classes, name, void)


TASK = Segmentation()
