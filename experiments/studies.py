"""The studies of this project by name."""

import importlib

from analysis.arch.text import known
from experiments.study import Study

# Name -> module; a study's module is its document.
STUDIES = {"linear-bottleneck": "experiments.linear_bottleneck"}


def find_study(name: str) -> Study:
    """The study called `name`.

    Raises:
        Problem: there is none.
    """
    return importlib.import_module(STUDIES[known(name, STUDIES, "study")]).STUDY
