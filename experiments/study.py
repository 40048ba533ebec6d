"""A Study: a question, the arms that answer it, the recipe and the seeds to train them with."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from analysis.arch import Variant
from analysis.problem import Problem
from analysis.training.recipe import Recipe, recipe


@dataclass(frozen=True)
class Study:
    """A question put to networks. Trials are shared: an arm that two studies have is trained once.

    - `arms`: variants by the name they have in this study; the first is the baseline.
    - `source`: section or figure of the paper that asks.
    - `recipe`: name of the recipe that answers it.
    - `seeds`: of each arm; a seed gives every arm the same data order, so that differences are paired.

    Raises:
        Problem: fewer than two arms, two arms of one variant, or no seeds.
    """

    name: str
    question: str
    source: str
    arms: Mapping[str, Variant]
    recipe: str = "brief"
    seeds: Sequence[int] = (0, 1, 2, 3, 4)

    def __post_init__(self) -> None:
        if len(set(self.arms.values())) < max(2, len(self.arms)):
            raise Problem(f"study {self.name!r} needs at least two arms, each with a variant of its own")
        if not self.seeds:
            raise Problem(f"study {self.name!r} needs at least one seed")

    def training(self, name: str | None = None) -> Recipe:
        """The study's own recipe, or the one called `name`."""
        return recipe(name or self.recipe)
