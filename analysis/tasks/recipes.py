"""The kinds of recipes and the recipes by name; it imports no torch, so that texts are read at a light start."""

import importlib
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from analysis.arch.text import from_text, known
from analysis.tasks.classification.recipe import RECIPES as CLASSIFICATION
from analysis.tasks.classification.recipe import Recipe
from analysis.tasks.detection.recipe import DetectionRecipe
from analysis.tasks.low_precision.recipe import QuantisedRecipe
from analysis.tasks.segmentation.recipe import SegmentationRecipe

if TYPE_CHECKING:
    from analysis.tasks.task import Task

AnyRecipe = Recipe | QuantisedRecipe | DetectionRecipe | SegmentationRecipe
# A new task's recipe is one line here.
KINDS: dict[str, Any] = {cls.kind: cls for cls in (Recipe, QuantisedRecipe, DetectionRecipe, SegmentationRecipe)}
RECIPES: dict[str, AnyRecipe] = {
    made.name: made
    for made in (
        *CLASSIFICATION.values(),
        QuantisedRecipe(),
        DetectionRecipe(),
        SegmentationRecipe(),
        SegmentationRecipe(
            name="camvid-long", epochs=120, crop=(288, 384), check_every=40, start="short", multi_scale=True
        ),
    )
}


def recipe(name: str) -> AnyRecipe:
    """The recipe called `name`, of whatever task.

    Raises:
        Problem: there is none.
    """
    return RECIPES[known(name, RECIPES, "recipe")]


@lru_cache(maxsize=256)
def parse_recipe(text: str) -> AnyRecipe:
    """The recipe that `text` describes: `recipe(epochs=2, ...)`; fields left out take their defaults.

    Raises:
        Problem: the text has another form or names an unknown recipe or field.
    """
    return from_text(text, KINDS, "recipe")


def task(recipe: AnyRecipe) -> "Task":
    """The task that trains by a recipe; its module, which imports torch, is imported now."""
    return importlib.import_module(type(recipe).task).TASK
