"""Loading a data set in front of a user: a bar while it downloads, and what is to be said of it."""

import sys
from pathlib import Path
from typing import Any

from analysis.arch import Variant, preset
from analysis.problem import Problem
from analysis.tasks.recipes import AnyRecipe, recipe, task
from analysis.training.recipe import WEIGHTS
from analysis.trials.pretrained import START_DATA

CLASSIFIER = preset("brief"), recipe("brief")


def load(name: str, data_dir: Path | None = None, trial: tuple[Variant, AnyRecipe] = CLASSIFIER) -> Any:
    """The data set that a variant and a recipe want, with a progress bar on standard error for a download; a remark on
    the cache goes there too.

    Raises:
        Problem: the data set is missing or damaged.
    """
    from rich.console import Console
    from rich.progress import BarColumn, DownloadColumn, Progress, TimeRemainingColumn

    bar = Progress(
        f"downloading {name}",
        BarColumn(),
        DownloadColumn(),
        TimeRemainingColumn(),
        console=Console(stderr=True),
        transient=True,
    )
    shown = bar.add_task(name, total=None, visible=False)

    def progress(done: int, total: int) -> None:
        bar.update(shown, completed=done, total=total, visible=True)

    variant, made = trial
    with bar:
        data = task(made).load(name, data_dir, variant, progress)
    if remark := getattr(data, "remark", ""):
        print(f"mnv2: {remark}", file=sys.stderr)
    return data


def start_digest(recipe: AnyRecipe) -> str:
    """Digest of the data set that a trunk learns first, for a recipe with such a start; "" for others.

    Raises:
        Problem: that data set is missing or damaged, or the recipe starts from published weights.
    """
    if recipe.start == WEIGHTS:
        raise Problem(f"recipe {recipe.name} starts from published weights: name their file by --weights")
    return load(START_DATA).digest if recipe.start else ""
