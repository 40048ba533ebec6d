"""The SegmentationRecipe: everything about a training on masks except the network, the data and the seed."""

from dataclasses import dataclass, field
from typing import ClassVar

from analysis.arch import checks
from analysis.arch.deeplab import SCALES
from analysis.arch.text import LATER
from analysis.problem import Problem
from analysis.tasks.classification.recipe import RECIPES
from analysis.training.recipe import WEIGHTS, Descent

ONE_SIZE, MULTI_SCALE = "one size", "six sizes, mirrored"  # ways to score
WEIGHTINGS = ("none", "log", "median_frequency")


@dataclass(frozen=True)
class SegmentationRecipe(Descent):
    """Descent (its first seven fields) on windows of the images.

    - `crop`: height and width of the windows that the network is trained on.
    - `scales`: (low, high), the factor on the size at which the network sees whole images, log-uniform.
    - `flip`: mirror at random. `colour`: largest relative change of brightness, contrast and saturation each.
    - `weighting`: of the classes in the loss, see `analysis.tasks.segmentation.loss.class_weights`.
    - `check_every`: epochs between two scores of the validation split.
    - `start`: the recipe that the trunk has first learnt CIFAR-10 with, as a classifier; "weights" for those of a
      published file, whose digest is part of the trial; "" for random ones.
    - `multi_scale`: score the test images a second time, in twelve passes at `analysis.arch.deeplab.SCALES` and
      mirrored (Table 7, MF).

    Raises:
        Problem: a value out of its range.
    """

    kind: ClassVar[str] = "segmentation_recipe"
    task: ClassVar[str] = "analysis.tasks.segmentation.learner"
    metric: ClassVar[str] = "test mean IoU"

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
        super().__post_init__()
        checks.whole("check_every", self.check_every, 1)
        checks.number("colour", self.colour, 0, 0.999)
        if len(self.crop) != 2 or len(self.scales) != 2:
            raise Problem(f"crop {self.crop} is not (height, width), or scales {self.scales} not (low, high)")
        for side in self.crop:
            checks.whole("crop", side, 1)
        checks.number("scales", self.scales[0], 0, above=True)
        checks.number("scales", self.scales[1], self.scales[0])
        checks.choice("weighting", self.weighting, WEIGHTINGS)
        checks.choice("start", self.start, ("", WEIGHTS, *RECIPES))

    @property
    def test_passes(self) -> float:
        """Passes of the test images at the network's own size: one, and mirrored at several sizes where asked for."""
        return 1 + (2 * sum(scale**2 for scale in SCALES) if self.multi_scale else 0)

    def is_check(self, epoch: int) -> bool:
        """Whether the validation split is scored after this epoch, counted from 1."""
        return epoch % self.check_every == 0 or epoch == self.epochs
