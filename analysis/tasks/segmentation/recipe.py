"""The SegmentationRecipe: everything about a training on masks but the network, the data and the seed."""

from dataclasses import dataclass, field
from typing import ClassVar

from analysis.arch import checks
from analysis.arch.text import LATER, to_text
from analysis.problem import Problem
from analysis.tasks.classification.recipe import RECIPES

ONE_SIZE, MULTI_SCALE = "one size", "six sizes, mirrored"  # ways to score
WEIGHTINGS = ("none", "log", "median_frequency")


@dataclass(frozen=True)
class SegmentationRecipe:
    """Stochastic gradient descent with Nesterov momentum on a one-cycle learning rate, on windows of the images.

    - `epochs` over the training images; `batch` windows a step, a last incomplete batch is left out.
    - `peak_rate`: largest learning rate, reached after the share `warmup` of the steps (cosine up and down).
    - `weight_decay`: on weights of convolutions; not on norms and biases.
    - `crop`: height and width of the windows that the network is trained on.
    - `scales`: (low, high), the factor on the size at which the network sees whole images, log-uniform.
    - `flip`: mirror at random. `colour`: largest relative change of brightness, contrast and saturation each.
    - `weighting`: of the classes in the loss, see `analysis.tasks.segmentation.loss.class_weights`.
    - `check_every`: epochs between two looks at the validation split.
    - `initialisation`: see `analysis.nn.initialise`.
    - `start`: the recipe that the trunk has first learnt CIFAR-10 with, as a classifier; "" for random weights.
    - `multi_scale`: score the test images a second time, in twelve passes at `analysis.arch.deeplab.SCALES` and
      mirrored (Table 7, MF).

    Raises:
        Problem: a value out of its range.
    """

    metric: ClassVar[str] = "test mean IoU"  # what the runs of it are compared by

    name: str = "camvid"
    epochs: int = 30
    batch: int = 8
    peak_rate: float = 0.1
    warmup: float = 0.2
    momentum: float = 0.9
    weight_decay: float = 5e-4
    crop: tuple[int, int] = (192, 256)
    scales: tuple[float, float] = (0.6, 1.6)
    flip: bool = True
    colour: float = 0.3
    weighting: str = "log"
    check_every: int = 10
    initialisation: str = "he"
    start: str = field(default="", metadata=LATER)
    multi_scale: bool = field(default=False, metadata=LATER)

    def __post_init__(self) -> None:
        for axis, low in (("epochs", 1), ("batch", 2), ("check_every", 1)):
            checks.whole(axis, getattr(self, axis), low)
        checks.number("peak_rate", self.peak_rate, 0, above=True)
        checks.number("weight_decay", self.weight_decay, 0)
        for axis in ("warmup", "momentum", "colour"):
            checks.number(axis, getattr(self, axis), 0, 0.999)
        if len(self.crop) != 2 or len(self.scales) != 2:
            raise Problem(f"crop {self.crop} is not (height, width), or scales {self.scales} not (low, high)")
        for side in self.crop:
            checks.whole("crop", side, 1)
        checks.number("scales", self.scales[0], 0, above=True)
        checks.number("scales", self.scales[1], self.scales[0])
        checks.choice("weighting", self.weighting, WEIGHTINGS)
        checks.choice("initialisation", self.initialisation, ("he", "normal_0.001"))
        checks.choice("start", self.start, ("", *RECIPES))

    looks: ClassVar[int] = 0  # images scored on the way: few beside those trained on

    def steps(self, images: int) -> int:
        """Steps of a training on so many training images."""
        return images // self.batch * self.epochs

    @property
    def text(self) -> str:
        """The text form, which states every field."""
        return to_text("segmentation_recipe", self)
