"""Running one trial: from its texts to its record."""

import re
import shlex
import sys
import time
import traceback
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from analysis.arch import parse_variant
from analysis.environment import environment
from analysis.problem import Problem
from analysis.tasks.recipes import parse_recipe, task
from analysis.trials.record import Record, finite
from analysis.trials.trial import Trial

if TYPE_CHECKING:
    from analysis.nn import Network


def run_trial(trial: Trial, data_dir: str | None = None, backend: str = "eager", threads: int = 1) -> Record:
    """Train what `trial` names, on `threads` threads, and return its record.

    An error of the program becomes a record with status "failed" and the traceback.

    Raises:
        Problem: the data set is missing or not the one that the trial names.
    """
    data = task(parse_recipe(trial.recipe)).load(trial.dataset, data_dir, parse_variant(trial.variant))
    if data.digest != trial.digest:
        raise Problem(
            f"the {trial.dataset} at hand has digest {data.digest[:12]}, the trial wants {trial.digest[:12]}: "
            "name the copy that it was made with"
        )
    return run_on(data, trial, backend, threads)


def run_on_node(trial: Trial, data_dir: str | None, backend: str) -> Record:
    """`run_trial` on a machine that may lack `data_dir`: there the data set is found or fetched as without one."""
    return run_trial(trial, data_dir if data_dir and Path(data_dir).exists() else None, backend)


def run_on(
    data: Any,
    trial: Trial,
    backend: str = "eager",
    threads: int = 1,
    keep: "Callable[[Network], object] | None" = None,
) -> Record:
    """`run_trial` on data at hand; a training that finished hands its network to `keep`."""
    import torch

    torch.set_num_threads(threads)
    started = time.perf_counter()
    provenance = {
        **environment(),
        "backend": backend,
        "command": shlex.join(["mnv2", "trial", "rerun", trial.id]),
    }
    try:
        recipe = parse_recipe(trial.recipe)
        network, result = task(recipe).train(parse_variant(trial.variant), recipe, data, trial.seed, backend)
        provenance |= {"backend": network.backend, "storage": network.storage, "products": network.products}
        if keep and result.status == "finished":
            keep(network)
    except Problem:
        raise
    except Exception:
        provenance["seconds"] = time.perf_counter() - started
        return Record(trial, "failed", {}, data.note, provenance, error=scrubbed(traceback.format_exc()))
    provenance["seconds"] = time.perf_counter() - started
    fields = {key: value for key, value in finite(asdict(result)).items() if key != "status"}
    return Record(trial, "diverged" if result.status == "diverged" else "finished", fields, data.note, provenance)


def scrubbed(text: str) -> str:
    """A traceback without the folders of this machine: paths start at the project or the package; of others, the last
    part is left."""
    project = Path(__file__).parents[2]
    folders = sorted({str(project), *(entry for entry in sys.path if entry), sys.prefix, sys.base_prefix}, key=len)
    for folder in reversed(folders):
        text = text.replace(folder + "/", "")
    return re.sub(r"(?<![\w.:/])~?/(?:[^\s/'\"]+/)+", "", text)
