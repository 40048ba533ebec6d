"""Published weights as the start of a study's trials: read and checked before the first of them is trained."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from analysis.arch import Variant
from analysis.files import content_digest
from analysis.nn.published.read import read_published
from analysis.nn.published.trunk import check_trunk
from analysis.problem import Problem
from analysis.tasks.low_precision.recipe import QuantisedRecipe
from analysis.tasks.recipes import AnyRecipe
from analysis.training.recipe import WEIGHTS
from experiments.study import Study


def from_weights(study: Study, recipe: AnyRecipe, path: Path, arms: Sequence[str] = ()) -> tuple[Study, AnyRecipe, str]:
    """The study and its recipe with a start from a file of published weights, and the file's digest.

    It is a question of its own, which no registered claim judges: its name has the first digits of the digest. `arms`:
    those that are to run; without, all.

    Raises:
        Problem: as `check_start`.
    """
    chosen = {arm: variant for arm, variant in study.arms.items() if arm in arms or not arms}
    digest = check_start(path, chosen)
    name, asked = f"{study.name}-from-{digest[:8]}", f"{study.asked or study.name} --weights FILE"
    recipes = {arm: started(own) for arm, own in study.recipes.items()}
    return replace(study, name=name, asked=asked, recipes=recipes), started(recipe), digest


def started(recipe: AnyRecipe) -> AnyRecipe:
    """The recipe with a start from published weights."""
    if isinstance(recipe, QuantisedRecipe):
        return replace(recipe, training=replace(recipe.training, start=WEIGHTS))
    return replace(recipe, start=WEIGHTS)


def check_start(path: Path, arms: Mapping[str, Variant]) -> str:
    """The digest of a file of weights that the trunk of each arm can start from.

    Raises:
        Problem: it cannot be read, or does not fit an arm. It names the arm and the layer.
    """
    published = read_published(path)
    for arm, variant in arms.items():
        try:
            check_trunk(variant, published)
        except Problem as problem:
            raise Problem(f"{path} does not fit {arm}: {problem}") from problem
    return content_digest(path)
