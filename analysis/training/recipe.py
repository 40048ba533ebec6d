"""Descent: the seven fields that every recipe starts with, and what can be derived from them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from analysis.arch import checks
from analysis.arch.text import to_text

INITIALISATIONS = ("he", "normal_0.001", "zero_last_norm", "orthogonal")
WEIGHTS = "weights"  # a start: published ones, whose file the trial names by its digest


@dataclass(frozen=True)
class Descent:
    """Stochastic gradient descent with Nesterov momentum on a one-cycle learning rate.

    - `epochs` over the training images; `batch` examples a step, a last incomplete batch is left out.
    - `peak_rate`: largest learning rate, reached after the share `warmup` of the steps (cosine up and down).
    - `weight_decay`: on weights of convolutions and linear layers, not on norms and biases.

    Of the class: `kind` opens its text, `task` is the module whose TASK trains by it, `metric` says what its runs are
    compared by.

    Raises:
        Problem: a value out of its range.
    """

    kind: ClassVar[str]
    task: ClassVar[str]
    metric: ClassVar[str]

    name: str
    epochs: int
    batch: int
    peak_rate: float
    warmup: float
    momentum: float
    weight_decay: float

    def __post_init__(self) -> None:
        for axis, low in (("epochs", 1), ("batch", 2)):
            checks.whole(axis, getattr(self, axis), low)
        checks.number("peak_rate", self.peak_rate, 0, above=True)
        checks.number("weight_decay", self.weight_decay, 0)
        for axis in ("warmup", "momentum"):
            checks.number(axis, getattr(self, axis), 0, 0.999)
        checks.choice("initialisation", self.initialisation, INITIALISATIONS)

    # Fields that came after the seven and keep their place in the texts: recipes that have them declare them.

    @property
    def initialisation(self) -> str:
        """Initial weights, see `analysis.nn.initialise`."""
        return INITIALISATIONS[0]

    @property
    def start(self) -> str:
        """What the trunk starts from: the recipe that it has first learnt CIFAR-10 with, "weights" for those of a
        published file, "" for random ones."""
        return ""

    @property
    def text(self) -> str:
        """The text form, which states every field."""
        return to_text(self.kind, self)

    @property
    def largest_gradient(self) -> float | None:
        """The largest norm of the gradient of all parameters together. None where it is not clipped."""
        return None

    @property
    def looks(self) -> int:
        """Images that are scored during the training, each as often as it is; 0 where they are few."""
        return 0

    @property
    def test_passes(self) -> float:
        """How often the test images go through the network, in passes at its own size."""
        return 1

    def trained_on(self, images: int) -> int:
        """How many of so many training images are trained on."""
        return images

    def steps(self, images: int) -> int:
        """Steps of a training on so many training images."""
        return self.trained_on(images) // self.batch * self.epochs

    def is_check(self, epoch: int) -> bool:
        """Whether the validation split is scored after this epoch, counted from 1."""
        return True

    def score(self, result: Mapping[str, Any]) -> float:
        """The metric that a finished record's `result` came to, in percent."""
        return 100 * result["test_score"]

    def readings(self, result: Mapping[str, Any]) -> dict[str, float]:
        """Scores of the same run read in several ways, in percent by name; none for most."""
        return {name: 100 * share for name, share in result.get("readings", {}).items()}
