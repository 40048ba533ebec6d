"""The DetectionRecipe: everything about a training on boxes except the network, the data and the seed."""

from dataclasses import dataclass, field
from typing import ClassVar

from analysis.arch import checks
from analysis.arch.text import LATER
from analysis.problem import Problem
from analysis.tasks.classification.recipe import RECIPES
from analysis.training.recipe import WEIGHTS, Descent


@dataclass(frozen=True)
class DetectionRecipe(Descent):
    """Descent (its first seven fields) on windows of the images; the defaults suit BCCD, whose platelets are small.

    - `clip`: largest norm of the gradient of all parameters together.
    - `anchor_scales`: of the anchors on the first and the last map, as shares of the image's shorter side.
    - `matched`: overlap from which an anchor is matched with a truth.
    - `zoom`: (low, high), factor on the size of the image, log-uniform; the window keeps the network's size.
    - `visible`: share of a box's area that a window must show for the box to stay.
    - `flip`: mirror at random. `colour`: largest relative change of brightness, contrast and saturation each.
    - `check_every`: epochs between two scores of the validation split.
    - `start`: the recipe that the trunk has first learnt CIFAR-10 with, as a classifier; "weights" for those of a
      published file, whose digest is part of the trial; "" for random ones.

    Raises:
        Problem: a value out of its range.
    """

    kind: ClassVar[str] = "detection_recipe"
    task: ClassVar[str] = "analysis.tasks.detection.learner"
    metric: ClassVar[str] = "test AP at 0.50"

    name: str = "bccd"
    epochs: int = 60
    batch: int = 4
    peak_rate: float = 0.03
    warmup: float = 0.2
    momentum: float = 0.9
    weight_decay: float = 5e-4
    clip: float = 10.0
    anchor_scales: tuple[float, float] = (0.1, 0.9)
    matched: float = 0.5
    zoom: tuple[float, float] = (0.8, 1.5)
    visible: float = 0.4
    flip: bool = True
    colour: float = 0.2
    check_every: int = 10
    initialisation: str = "he"
    start: str = field(default="", metadata=LATER)

    def __post_init__(self) -> None:
        super().__post_init__()
        checks.whole("check_every", self.check_every, 1)
        checks.number("clip", self.clip, 0, above=True)
        checks.number("colour", self.colour, 0, 0.999)
        for axis in ("visible", "matched"):
            checks.number(axis, getattr(self, axis), 0, 1, above=True)
        for axis in ("anchor_scales", "zoom"):
            if len(values := getattr(self, axis)) != 2:
                raise Problem(f"{axis} {values} is not (low, high)")
            checks.number(axis, values[0], 0, above=True)
            checks.number(axis, values[1], values[0])
        checks.number("anchor_scales", self.anchor_scales[1], 0, 1)
        checks.choice("start", self.start, ("", WEIGHTS, *RECIPES))

    @property
    def largest_gradient(self) -> float:
        """The largest norm of the gradient of all parameters together."""
        return self.clip

    def is_check(self, epoch: int) -> bool:
        """Whether the validation split is scored after this epoch, counted from 1."""
        return epoch % self.check_every == 0 or epoch == self.epochs
