"""The QuantisedRecipe: a training, and the precisions at which its network is scored after it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, NamedTuple

from analysis.arch import checks
from analysis.arch.text import to_text
from analysis.problem import Problem
from analysis.tasks.classification.recipe import RECIPES, Recipe

FLOAT = "float"


class Precision(NamedTuple):
    """How a network is quantised (`analysis.nn.quantise`), and what a study calls the result."""

    name: str
    bits: int
    per_channel: bool
    clipped: bool


@dataclass(frozen=True)
class QuantisedRecipe:
    """A network is trained by `training`, then scored on the test images in float32 and quantised to each of `bits`.

    Three ways at each: with a scale of weights for each output channel and the whole range of activations, with
    ranges clipped, and with one scale for each tensor of weights.

    - `calibration`: the first training images, as they are, on which ranges of activations are found.
    - `percentile`: of activations, what clipped ranges keep on either side.

    Raises:
        Problem: a value out of its range.
    """

    kind: ClassVar[str] = "quantised_recipe"
    task: ClassVar[str] = "analysis.tasks.low_precision.learner"
    metric: ClassVar[str] = "test accuracy"

    name: str = "low-precision"
    training: Recipe = RECIPES["brief"]
    bits: tuple[int, ...] = (8, 6, 4)
    calibration: int = 500
    percentile: float = 99.9

    def __post_init__(self) -> None:
        if not isinstance(self.training, Recipe):
            raise Problem(f"training {self.training!r} is not a recipe of a classifier")
        checks.whole("calibration", self.calibration, 1)
        checks.number("percentile", self.percentile, 50, 100, above=True)
        for bits in self.bits:
            checks.whole("bits", bits, 2)

    def precisions(self) -> Iterator[Precision]:
        """Every precision that the trained network is scored at besides float32."""
        for bits in self.bits:
            yield Precision(f"{bits} bits", bits, per_channel=True, clipped=False)
            yield Precision(f"{bits} bits, clipped", bits, per_channel=True, clipped=True)
            yield Precision(f"{bits} bits, per tensor", bits, per_channel=False, clipped=False)

    @property
    def text(self) -> str:
        """The text form, which states every field."""
        return to_text(self.kind, self)

    @property
    def epochs(self) -> int:
        """Epochs of the training."""
        return self.training.epochs

    @property
    def batch(self) -> int:
        """Images a step."""
        return self.training.batch

    @property
    def initialisation(self) -> str:
        """Initial weights of the training."""
        return self.training.initialisation

    @property
    def start(self) -> str:
        """What the training starts from."""
        return self.training.start

    @property
    def looks(self) -> int:
        """Images that are scored besides the test images: held-out ones, those that ranges are found on, and at every
        precision the 10,000 test images of CIFAR."""
        return self.training.looks + self.calibration + 10_000 * len([FLOAT, *self.precisions()])

    @property
    def test_passes(self) -> float:
        """How often the test images go through a network: as trained, folded, and at each precision."""
        return 1 + len([FLOAT, *self.precisions()])

    def steps(self, images: int) -> int:
        """Steps of the training on so many training images."""
        return self.training.steps(images)

    def score(self, result: Mapping[str, Any]) -> float:
        """Test images that the network as trained classified correctly, in percent."""
        return self.training.score(result)

    def readings(self, result: Mapping[str, Any]) -> dict[str, float]:
        """Test images classified correctly at each precision, in percent."""
        return {name: 100 * correct / result["test_images"] for name, correct in result.get("readings", {}).items()}
