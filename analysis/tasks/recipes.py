"""What a trial's recipe makes of it: the kind of data that it wants, and the training that it names."""

import os
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from analysis.arch import Variant, unroll
from analysis.arch.text import from_text, known
from analysis.problem import Problem
from analysis.tasks.classification.recipe import RECIPES as CLASSIFICATION
from analysis.tasks.classification.recipe import Recipe
from analysis.tasks.detection.recipe import DetectionRecipe
from analysis.tasks.low_precision.recipe import QuantisedRecipe
from analysis.tasks.segmentation.recipe import SegmentationRecipe

if TYPE_CHECKING:
    from analysis.nn import Network

AnyRecipe = Recipe | QuantisedRecipe | DetectionRecipe | SegmentationRecipe
BOXES = DetectionRecipe(epochs=60, batch=4, peak_rate=0.03, anchor_scales=(0.1, 0.9))  # platelets are small
MASKS = SegmentationRecipe()
LONG = SegmentationRecipe(
    name="camvid-long", epochs=120, crop=(288, 384), check_every=40, start="short", multi_scale=True
)
RECIPES: dict[str, AnyRecipe] = {
    recipe.name: recipe for recipe in (*CLASSIFICATION.values(), QuantisedRecipe(), BOXES, MASKS, LONG)
}
KINDS: dict[str, Any] = {
    "recipe": Recipe,
    "quantised_recipe": QuantisedRecipe,
    "detection_recipe": DetectionRecipe,
    "segmentation_recipe": SegmentationRecipe,
}


def recipe(name: str) -> AnyRecipe:
    """The recipe called `name`, of whatever task.

    Raises:
        Problem: there is none.
    """
    return RECIPES[known(name, RECIPES, "recipe")]


def parse_recipe(text: str) -> AnyRecipe:
    """The recipe that `text` describes: `recipe(epochs=2, ...)`; fields left out take their defaults.

    Raises:
        Problem: the text has another form or names an unknown recipe or field.
    """
    return from_text(text, KINDS, "recipe")


class Task(NamedTuple):
    """How trials of one kind of recipe run.

    - `load`: (name, folder or None, variant, progress of a download) -> the data set, at the size that the variant
      sees; it has a `name`, a `digest`, a `note`, and as `train_images` what to train on.
    - `train`: (variant, recipe, data, seed, backend) -> the trained network and the result, a dataclass with `status`.
    """

    load: Callable[..., Any]
    train: "Callable[[Any, Any, Any, int, str], tuple[Network, Any]]"


def task(recipe: AnyRecipe) -> Task:
    """The task of a recipe."""
    return TASKS[type(recipe)]


def _load_images(name: str, data_dir: str | Path | None, variant: Variant, progress: Any = None) -> Any:
    from analysis.data.cifar import load_dataset

    return load_dataset(name, data_dir, progress=progress)


def _train_classifier(variant: Variant, recipe: Recipe, data: Any, seed: int, backend: str) -> "tuple[Network, Any]":
    from analysis.nn import build
    from analysis.training.loop import fit

    network = build(unroll(variant), backend)
    return network, fit(network, recipe, data, seed)


def _train_quantised(
    variant: Variant, recipe: QuantisedRecipe, data: Any, seed: int, backend: str
) -> "tuple[Network, Any]":
    from analysis.tasks.low_precision.learner import train_and_quantise

    return train_and_quantise(variant, recipe, data, seed, backend)


def _load_boxes(name: str, data_dir: str | Path | None, variant: Any, progress: Any = None) -> Any:
    from analysis.data.boxes import BCCD, load_detection

    folder = _folder(name, data_dir)
    classes = BCCD if name == "bccd" else _names(folder, variant)
    return _decoded(load_detection, folder, variant.size, classes, name=name)


def _train_detector(variant: Any, recipe: DetectionRecipe, data: Any, seed: int, backend: str) -> "tuple[Network, Any]":
    from analysis.tasks.detection.learner import train_detector

    checkpoint = _start(variant.backbone, recipe.start, seed, backend)
    return train_detector(variant, recipe, data, seed, backend=backend, checkpoint=checkpoint)


def _load_scenes(name: str, data_dir: str | Path | None, variant: Any, progress: Any = None) -> Any:
    from analysis.data.masks import CAMVID, load_segmentation

    folder = _folder(name, data_dir)
    classes = CAMVID if name == "camvid" else _names(folder, variant)
    return _decoded(load_segmentation, folder, variant.size, classes, name=name)


@lru_cache(maxsize=1)
def _decoded(load: Callable[..., Any], *what: Any, name: str) -> Any:
    """What `load` makes; kept in memory, as all trials of a sweep train on the same images."""
    return load(*what, name=name)


def _train_segmenter(
    variant: Any, recipe: SegmentationRecipe, data: Any, seed: int, backend: str
) -> "tuple[Network, Any]":
    from analysis.tasks.segmentation.learner import train_segmenter

    checkpoint = _start(variant.backbone, recipe.start, seed, backend)
    return train_segmenter(variant, recipe, data, seed, backend=backend, checkpoint=checkpoint)


def _start(trunk: Any, recipe: str, seed: int, backend: str) -> Path | None:
    """The checkpoint of the trunk's classifier, kept in the cache; None for random weights."""
    if not recipe:
        return None
    from analysis.data.cifar import load_dataset
    from analysis.files import cache_folder
    from analysis.trials.pretrained import trained_trunk

    return trained_trunk(load_dataset("cifar10"), trunk, recipe, seed, cache_folder() / "trunks" / backend, backend)


def _folder(name: str, data_dir: str | Path | None) -> Path:
    variable = f"{name.upper()}_DIR"
    place = data_dir or os.environ.get(variable)
    if not place:
        raise Problem(f"no {name} data: name its folder with --data-dir or {variable}; it cannot be downloaded")
    return Path(place).expanduser()


def _names(folder: Path, variant: Any) -> tuple[str, ...]:
    """The classes of a user's own data: the lines of its classes.txt."""
    try:
        names = tuple((folder / "classes.txt").read_text().split("\n"))
    except (OSError, UnicodeDecodeError) as error:
        raise Problem(f"{folder}/classes.txt cannot be read ({error}): give it a line for each class") from error
    found = tuple(name.strip() for name in names if name.strip())
    if len(found) != variant.classes:
        raise Problem(f"{folder}/classes.txt has {len(found)} classes, the network {variant.classes}: make them agree")
    return found


TASKS: dict[type, Task] = {
    Recipe: Task(_load_images, _train_classifier),
    QuantisedRecipe: Task(_load_images, _train_quantised),
    DetectionRecipe: Task(_load_boxes, _train_detector),
    SegmentationRecipe: Task(_load_scenes, _train_segmenter),
}
