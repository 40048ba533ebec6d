"""The studies of this project by name, and those of a user by path."""

import importlib
import importlib.util
import shlex
from dataclasses import replace
from pathlib import Path

from analysis.arch.text import known
from analysis.problem import Problem
from experiments.study import Study

# Name -> module; a study's module is its document.
STUDIES = {
    "headline": "experiments.headline",
    "linear-bottleneck": "experiments.linear_bottleneck",
    "shortcut-placement": "experiments.shortcut_placement",
    "last-layer-width": "experiments.last_layer_width",
    "kernel-activation": "experiments.kernel_activation",
    "expansion-ratio": "experiments.expansion_ratio",
    "capacity-expressiveness": "experiments.capacity_expressiveness",
    "width-resolution": "experiments.width_resolution",
    "families": "experiments.families",
    "low-precision": "experiments.low_precision",
    "ten-epochs": "experiments.ten_epochs",
    "ssd-heads": "experiments.ssd_heads",
    "segmentation-heads": "experiments.segmentation_heads",
    "dense-linear-bottleneck": "experiments.dense_linear_bottleneck",
    "segmentation-long": "experiments.segmentation_long",
}


def find_study(name: str) -> Study:
    """The study called `name`, or the `STUDY` of the Python file at the path `name`.

    Raises:
        Problem: there is none, or the file does not run.
    """
    if name.endswith(".py"):
        return _own(Path(name))
    return importlib.import_module(STUDIES[known(name, STUDIES, "study")]).STUDY


def _own(path: Path) -> Study:
    spec = importlib.util.spec_from_file_location(path.stem, path)
    if not path.is_file() or spec is None or spec.loader is None:
        raise Problem(f"there is no study at {path}: write one (README, Your own question) or name one of the project")
    module = importlib.util.module_from_spec(spec)
    try:
        spec.loader.exec_module(module)
    except Problem:
        raise
    except Exception as error:  # whatever a user's file may raise
        raise Problem(f"{path} does not run: {type(error).__name__}: {error}") from error
    study = getattr(module, "STUDY", None)
    if not isinstance(study, Study):
        raise Problem(f"{path} has no STUDY: end it with STUDY = Study(name=..., question=..., arms={{...}})")
    return replace(study, asked=shlex.quote(str(path)))
