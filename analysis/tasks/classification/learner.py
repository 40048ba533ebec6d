"""Learning to classify: cross-entropy over augmented images, scored by the images classified correctly."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
import torch
from torch import Tensor
from torch.nn.functional import cross_entropy

from analysis.arch import Variant, unroll
from analysis.data.cifar import load_dataset
from analysis.data.finished import Finished
from analysis.data.labels import Dataset
from analysis.nn import Network, build, initialise
from analysis.tasks.classification.batches import HeldImages, batches, evaluation_batches
from analysis.tasks.classification.recipe import Recipe
from analysis.tasks.start import IMAGES, begin
from analysis.training.device import CPU, arithmetic, precision
from analysis.training.streams import streams

Batch = tuple[Tensor, Tensor]  # images (N, 3, H, W), labels (N,)
Drawn = tuple[Tensor, ...]  # the numbers of a batch on an accelerator, see HeldImages


class Classifier:
    """A classifier that learns. See `analysis.training.loop.Learner`.

    Images are brought to the size that the network's Plan asks for. All but the head starts from published weights if a
    file is given (`begin`).

    Raises:
        Problem: the recipe holds out all training images, or none, or `begin` refuses the file.
    """

    validation: ClassVar[str] = "validation_accuracy"

    def __init__(
        self,
        variant: Variant,
        recipe: Recipe,
        data: Dataset,
        seed: int,
        backend: str = "eager",
        start: Path | None = None,
        device: torch.device = CPU,
    ):
        self.recipe, self.data, self.streams = recipe, data, streams(seed)
        self.device, self.precision = device, precision(device)
        self.network = self.scored = build(unroll(variant), backend, device)
        initialise(self.network, self.streams.init, recipe.initialisation)
        self.trained, self.held_out = data.split(recipe.validation, recipe.split_seed)
        some = data.train_images[self.trained[:: max(1, len(self.trained) // IMAGES)][:IMAGES]]
        self.start = begin(self.network, variant, recipe, start, data, some)
        self.size = self.network.plan.image[1:]
        self.held = HeldImages.of(data, device) if device.type != "cpu" else None

    def batches(self) -> Iterator[Batch] | Iterator[Drawn]:
        """One epoch: images float32 (batch, 3, H, W) and labels int64 (batch,). On an accelerator the numbers of which
        `loss` makes them."""
        recipe = self.recipe
        if self.held:
            return self.held.batches(self.trained, recipe.batch, self.streams, recipe.crop, recipe.flip)
        return batches(
            self.data, self.trained, recipe.batch, self.streams, self.size, crop=recipe.crop, flip=recipe.flip
        )

    def loss(self, batch: Batch | Drawn) -> Tensor:
        """Cross-entropy of a batch (images (N, 3, H, W), labels (N,)) with smoothed labels, a scalar."""
        images, labels = self.held.examples(batch, self.recipe.crop, self.size) if self.held else batch
        with arithmetic(self.device, self.precision):
            return cross_entropy(self.network(images), labels, label_smoothing=self.recipe.label_smoothing)

    def validate(self) -> float:
        """Held-out images that are classified correctly, in percent."""
        return 100 * self.count_correct(*self.data.images_and_labels(self.held_out)) / len(self.held_out)

    def test(self, certificate: Finished | None) -> dict[str, Any]:
        """Test images that are classified correctly, and how many there are. `start`: what it started from, if it did
        from published weights."""
        if certificate is None:
            return {"test_correct": None, "test_images": None, **self.begun}
        images, labels = self.data.test(certificate)
        return {"test_correct": self.count_correct(images, labels), "test_images": len(labels), **self.begun}

    @property
    def begun(self) -> dict[str, str]:
        """What the record says of the start, nothing of random weights."""
        return {"start": self.start} if self.start else {}

    def count_correct(self, images: np.ndarray, labels: np.ndarray) -> int:
        """How many images, uint8 (N, H, W, 3), are classified as their `labels` (N,) say."""
        return count_correct(self.scored, evaluation_batches(images, labels, self.data, self.size, device=self.device))


@torch.inference_mode()
def count_correct(network: Network, examples: Iterable[Batch]) -> int:
    """Images whose highest score is that of their label, in evaluation mode; `examples`: batches of images (N, 3, H, W)
    and labels (N,)."""
    network.eval()
    return int(sum((network(images).argmax(1) == labels).sum() for images, labels in examples))


class Classification:
    """The task of `Recipe`: CIFAR or its synthetic stand-in, images with one label each."""

    recipe = Recipe
    learner = Classifier

    def load(self, name: str, folder: str | Path | None, variant: Variant, progress: Any = None) -> Dataset:
        """The data set `name`, downloaded if it is not there.

        Raises:
            Problem: as `load_dataset`.
        """
        return load_dataset(name, folder, progress=progress)


TASK = Classification()
