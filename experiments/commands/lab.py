"""`mnv2 lab`: JupyterLab in the folder of the notebooks."""

import os
import shutil
import sys
from pathlib import Path

from analysis.problem import Problem
from experiments.commands.doctor import installation

NOTEBOOKS = Path(__file__).parents[2] / "notebooks"


def main(browser: bool = True) -> None:
    """Open the notebooks in JupyterLab. 01 is the one to begin with.

    Args:
        browser: open a browser too.

    Raises:
        Problem: JupyterLab or the folder of notebooks is missing.
    """
    own = str(Path(sys.executable).parent)  # of the environment that this program runs in
    jupyter = shutil.which("jupyter-lab", path=os.pathsep.join([own, os.environ.get("PATH", os.defpath)]))
    if jupyter is None:
        raise Problem(f"JupyterLab is not installed: {installation('notebooks')}")
    if not NOTEBOOKS.is_dir():
        raise Problem(f"there is no {NOTEBOOKS.name} folder: run mnv2 from a clone of the project")
    os.chdir(NOTEBOOKS)
    os.execv(jupyter, [jupyter, *([] if browser else ["--no-browser"])])
