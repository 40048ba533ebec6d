"""The Recipe: everything about a training but the network, the data and the seed."""

from dataclasses import dataclass
from typing import ClassVar

from analysis.arch import checks
from analysis.arch.text import to_text


@dataclass(frozen=True)
class Recipe:
    """Stochastic gradient descent with Nesterov momentum on a one-cycle learning rate.

    - `epochs` over the training part; `batch` images a step, a last incomplete batch is left out.
    - `peak_rate`: largest learning rate, reached after the share `warmup` of the steps (cosine up and down).
    - `weight_decay`: on weights of convolutions and linear layers; not on norms and biases.
    - `crop`: padding in pixels of the random crop. `flip`: mirror at random.
    - `validation`: training images held out, drawn with `split_seed`.
    - `initialisation`: see `analysis.nn.initialise`.

    Raises:
        Problem: a value out of its range.
    """

    metric: ClassVar[str] = "test accuracy"  # what the runs of it are compared by

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

    def __post_init__(self) -> None:
        for axis, low in (("epochs", 1), ("batch", 2), ("crop", 0), ("validation", 1), ("split_seed", 0)):
            checks.whole(axis, getattr(self, axis), low)
        checks.number("peak_rate", self.peak_rate, 0, above=True)
        checks.number("weight_decay", self.weight_decay, 0)
        for axis in ("warmup", "momentum", "label_smoothing"):
            checks.number(axis, getattr(self, axis), 0, 0.999)
        checks.choice("initialisation", self.initialisation, ("he", "normal_0.001"))

    def steps(self, images: int) -> int:
        """Steps of a training on so many training images."""
        return (images - self.validation) // self.batch * self.epochs

    @property
    def looks(self) -> int:
        """Images that are held out and scored on the way, each as often as it is."""
        return self.epochs * self.validation

    @property
    def text(self) -> str:
        """The text form, which states every field."""
        return to_text("recipe", self)


RECIPES: dict[str, Recipe] = {
    "brief": Recipe(),
    "short": Recipe(name="short", epochs=10),
    "full": Recipe(name="full", epochs=200, batch=128),
}
