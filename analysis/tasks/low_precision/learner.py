"""Learning to classify, then scoring the network at several precisions on one reading of the test split."""

from pathlib import Path
from typing import Any

import torch

from analysis.arch import Variant
from analysis.data.finished import Finished
from analysis.data.labels import Dataset
from analysis.nn.fold import fold
from analysis.nn.network import Network
from analysis.nn.quantise import activation_ranges, quantised
from analysis.tasks.classification.batches import evaluation_batches
from analysis.tasks.classification.learner import Classification, Classifier, count_correct
from analysis.tasks.low_precision.recipe import FLOAT, QuantisedRecipe
from analysis.training.device import CPU

BATCH = 100  # maps that stay in a processor's cache, through which rounding passes four times


class QuantisedClassifier(Classifier):
    """A classifier whose network is scored at the precisions of its recipe. See `Classifier`.

    Ranges of activations are found on training images. Nothing is chosen by what the test split says.
    """

    def __init__(
        self,
        variant: Variant,
        recipe: QuantisedRecipe,
        data: Dataset,
        seed: int,
        backend: str = "eager",
        start: Path | None = None,
        device: torch.device = CPU,
    ):
        super().__init__(variant, recipe.training, data, seed, backend, start, device)
        self.precisions = recipe

    def test(self, certificate: Finished | None) -> dict[str, Any]:
        """As `Classifier.test`; `readings`: test images classified correctly at each precision, by its name. "float" is
        the folded network in float32."""
        if certificate is None:
            return {"test_correct": None, "test_images": None, "readings": {}, **self.begun}
        networks = self.precise()
        images, labels = self.data.test(certificate)

        def correct(scored: Network) -> int:
            scored = scored.to(self.device)
            return count_correct(scored, evaluation_batches(images, labels, self.data, self.size, BATCH, self.device))

        readings = {name: correct(network) for name, network in networks.items()}
        stated = {"test_correct": correct(self.network), "test_images": len(labels)}
        return {**stated, "readings": readings, **self.begun}

    def precise(self) -> dict[str, Network]:
        """The trained network in float32, folded, and at each precision, by name, on the CPU; ranges are those on the
        first images of the training part."""
        plain = Network(self.network.plan)
        plain.load_state_dict(self.network.state_dict())
        folded = fold(plain.eval())
        images, labels = self.data.images_and_labels(self.trained[: self.precisions.calibration])
        ((batch, _),) = evaluation_batches(images, labels, self.data, self.size, batch=len(labels))
        whole, clipped = activation_ranges(folded, batch, (100.0, self.precisions.percentile))
        made = {FLOAT: folded}
        for p in self.precisions.precisions():
            made[p.name] = quantised(folded, clipped if p.clipped else whole, p.bits, p.per_channel)
        return made


class LowPrecision(Classification):
    """The task of `QuantisedRecipe`: the data of a classifier."""

    recipe = QuantisedRecipe
    learner = QuantisedClassifier


TASK = LowPrecision()
