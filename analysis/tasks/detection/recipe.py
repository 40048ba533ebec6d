"""The DetectionRecipe: everything about a training on boxes but the network, the data and the seed."""

from dataclasses import dataclass, field
from typing import ClassVar

from analysis.arch import checks
from analysis.arch.text import LATER, to_text
from analysis.problem import Problem
from analysis.tasks.classification.recipe import RECIPES


@dataclass(frozen=True)
class DetectionRecipe:
    """Stochastic gradient descent with Nesterov momentum on a one-cycle learning rate, on windows of the images.

    - `epochs` over the training images; `batch` windows a step, a last incomplete batch is left out.
    - `peak_rate`: largest learning rate, reached after the share `warmup` of the steps (cosine up and down).
    - `weight_decay`: on weights of convolutions; not on norms and biases.
    - `clip`: largest norm of the gradient of all parameters together.
    - `anchor_scales`: of the anchors on the first and the last map, as shares of the image's shorter side.
    - `matched`: overlap from which an anchor stands for a truth.
    - `zoom`: (low, high), factor on the size of the image, log-uniform; the window keeps the network's size.
    - `visible`: share of a box's area that a window must show for the box to stay.
    - `flip`: mirror at random. `colour`: largest relative change of brightness, contrast and saturation each.
    - `check_every`: epochs between two looks at the validation split.
    - `initialisation`: see `analysis.nn.initialise`.
    - `start`: the recipe that the trunk has first learnt CIFAR-10 with, as a classifier; "" for random weights.

    Raises:
        Problem: a value out of its range.
    """

    metric: ClassVar[str] = "test AP at 0.50"  # what the runs of it are compared by
    looks: ClassVar[int] = 0  # images scored on the way: few beside those trained on

    name: str = "bccd"
    epochs: int = 120
    batch: int = 8
    peak_rate: float = 0.05
    warmup: float = 0.2
    momentum: float = 0.9
    weight_decay: float = 5e-4
    clip: float = 10.0
    anchor_scales: tuple[float, float] = (0.2, 0.95)
    matched: float = 0.5
    zoom: tuple[float, float] = (0.8, 1.5)
    visible: float = 0.4
    flip: bool = True
    colour: float = 0.2
    check_every: int = 10
    initialisation: str = "he"
    start: str = field(default="", metadata=LATER)

    def __post_init__(self) -> None:
        for axis, low in (("epochs", 1), ("batch", 2), ("check_every", 1)):
            checks.whole(axis, getattr(self, axis), low)
        for axis in ("peak_rate", "clip"):
            checks.number(axis, getattr(self, axis), 0, above=True)
        checks.number("weight_decay", self.weight_decay, 0)
        for axis in ("warmup", "momentum", "colour"):
            checks.number(axis, getattr(self, axis), 0, 0.999)
        for axis in ("visible", "matched"):
            checks.number(axis, getattr(self, axis), 0, 1, above=True)
        for axis in ("anchor_scales", "zoom"):
            if len(values := getattr(self, axis)) != 2:
                raise Problem(f"{axis} {values} is not (low, high)")
            checks.number(axis, values[0], 0, above=True)
            checks.number(axis, values[1], values[0])
        checks.number("anchor_scales", self.anchor_scales[1], 0, 1)
        checks.choice("initialisation", self.initialisation, ("he", "normal_0.001"))
        checks.choice("start", self.start, ("", *RECIPES))

    def steps(self, images: int) -> int:
        """Steps of a training on so many training images."""
        return images // self.batch * self.epochs

    @property
    def text(self) -> str:
        """The text form, which states every field."""
        return to_text("detection_recipe", self)
