"""The Recipe of a classifier: everything about its training except the network, the data and the seed."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

from analysis.arch import checks
from analysis.arch.text import LATER
from analysis.training.recipe import WEIGHTS, Descent


@dataclass(frozen=True)
class Recipe(Descent):
    """Descent (its first seven fields) on cross-entropy over cropped and mirrored images.

    - `label_smoothing`: share of each target that is spread over all classes.
    - `crop`: padding in pixels of the random crop. `flip`: mirror at random.
    - `validation`: training images held out, drawn with `split_seed`.
    - `start`: "weights" for those of a published file, whose digest is part of the trial; "" for random ones.

    Raises:
        Problem: a value out of its range.
    """

    kind: ClassVar[str] = "recipe"
    task: ClassVar[str] = "analysis.tasks.classification.learner"
    metric: ClassVar[str] = "test accuracy"

    name: str = "brief"
    epochs: int = 1
    batch: int = 64
    peak_rate: float = 0.1
    warmup: float = 0.3
    momentum: float = 0.9
    weight_decay: float = 5e-4
    label_smoothing: float = 0.1
    crop: int = 4
    flip: bool = True
    validation: int = 5000
    split_seed: int = 0
    initialisation: str = "he"
    start: str = field(default="", metadata=LATER)

    def __post_init__(self) -> None:
        super().__post_init__()
        for axis, low in (("crop", 0), ("validation", 1), ("split_seed", 0)):
            checks.whole(axis, getattr(self, axis), low)
        checks.number("label_smoothing", self.label_smoothing, 0, 0.999)
        checks.choice("start", self.start, ("", WEIGHTS))

    def trained_on(self, images: int) -> int:
        """How many of so many training images are not held out."""
        return images - self.validation

    @property
    def looks(self) -> int:
        """Images that are held out and scored during the training, each as often as it is."""
        return self.epochs * self.validation

    def score(self, result: Mapping[str, Any]) -> float:
        """Test images that were classified correctly, in percent."""
        return 100 * result["test_correct"] / result["test_images"]


RECIPES: dict[str, Recipe] = {
    "brief": Recipe(),
    "short": Recipe(name="short", epochs=10),
    "full": Recipe(name="full", epochs=200, batch=128),
}
