"""The studies of this project by name, and those of a user by path."""

import importlib
import importlib.util
import shlex
import sys
from dataclasses import replace
from importlib.machinery import SourceFileLoader
from pathlib import Path

from analysis.arch.text import known
from analysis.problem import Problem
from analysis.users_code import users_code
from experiments.study import Study

# Name -> module; a study's module is its document. It has the study as STUDY, or several of one question in STUDIES.
STUDIES = {
    "headline": "experiments.studies.headline",
    "linear-bottleneck": "experiments.studies.linear_bottleneck",
    "shortcut-placement": "experiments.studies.shortcut_placement",
    "why-shortcuts": "experiments.studies.why_shortcuts",
    "last-layer-width": "experiments.studies.last_layer_width",
    "kernel-activation": "experiments.studies.kernel_activation",
    "expansion-ratio": "experiments.studies.expansion_ratio",
    "capacity-expressiveness": "experiments.studies.capacity_expressiveness",
    "width-resolution": "experiments.studies.width_resolution",
    "families": "experiments.studies.families",
    "low-precision": "experiments.studies.low_precision",
    "short-predicts-long": "experiments.studies.short_predicts_long",
    "learning-rate": "experiments.studies.learning_rate",
    "budget-1": "experiments.studies.budget",
    "budget-3": "experiments.studies.budget",
    "budget-10": "experiments.studies.budget",
    "budget-30": "experiments.studies.budget",
    "budget-100": "experiments.studies.budget",
    "cifar-preset": "experiments.studies.cifar_preset",
    "successors": "experiments.studies.successors",
    "ten-epochs": "experiments.studies.ten_epochs",
    "ssd-heads": "experiments.studies.ssd_heads",
    "segmentation-heads": "experiments.studies.segmentation_heads",
    "dense-linear-bottleneck": "experiments.studies.dense_linear_bottleneck",
    "segmentation-long": "experiments.studies.segmentation_long",
}


def find_study(name: str) -> Study:
    """The study called `name`, or the `STUDY` of the Python file at the path `name`.

    Raises:
        Problem: there is none, or the file does not run.
    """
    if name.lower().endswith(".py"):
        return _own(Path(name))
    module = importlib.import_module(STUDIES[known(name, STUDIES, "study")])
    return module.STUDIES[name] if hasattr(module, "STUDIES") else module.STUDY


def _own(path: Path) -> Study:
    """The study of a user's file, which runs as a module of its own: it may import files next to it, and finds no
    arguments."""
    name = f"study_in_{path.stem}"
    spec = importlib.util.spec_from_loader(name, SourceFileLoader(name, str(path)))
    if not path.is_file() or spec is None or spec.loader is None:
        raise Problem(f"there is no study at {path}: write one (README, Your own question) or name one of the project")
    module = importlib.util.module_from_spec(spec)
    before = sys.modules.get(name)
    sys.modules[name] = module  # where dataclasses look up the names of their annotations
    try:
        with users_code(f"{path} does not run", path.absolute().parent, str(path)):
            spec.loader.exec_module(module)
    except BaseException:
        sys.modules.pop(name)
        if before is not None:
            sys.modules[name] = before
        raise
    study = getattr(module, "STUDY", None)
    if not isinstance(study, Study):
        raise Problem(f"{path} has no STUDY: end it with STUDY = Study(name=..., question=..., arms={{...}})")
    return replace(study, asked=shlex.quote(str(path)))
