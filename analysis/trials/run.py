"""Running one trial on data at hand: from its texts to its record. Nothing is searched for or downloaded here."""

import re
import shlex
import sys
import time
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

import torch

from analysis.arch import parse_variant
from analysis.environment import environment
from analysis.nn import Network
from analysis.problem import Problem
from analysis.tasks.recipes import parse_recipe, task
from analysis.tasks.task import fit
from analysis.training.checkpoint import Checkpoint
from analysis.training.device import CPU, facts
from analysis.training.recipe import WEIGHTS
from analysis.trials.record import Record, finite
from analysis.trials.trial import Trial


def run_on(
    data: Any,
    trial: Trial,
    backend: str = "eager",
    threads: int = 1,
    *,
    start: Path | None = None,
    note: str = "",
    checkpoint: Checkpoint | None = None,
    device: torch.device = CPU,
    keep: Callable[[Network], object] | None = None,
) -> Record:
    """Train what `trial` names on `data`, on `device` and `threads` threads, and return its record.

    An error of the program becomes a record with status "failed" and the traceback. `start`: the checkpoint that the
    trunk starts from; `note`: what must be said of the run besides the data's own note. With a `checkpoint` it
    continues an interrupted training, and the provenance says so under `resumed`. A training that finished hands
    its network to `keep`.

    Raises:
        Problem: the trial's network cannot be trained on these data.
    """
    torch.set_num_threads(threads)
    started = time.perf_counter()
    provenance = {
        **environment(),
        **facts(device),
        "backend": backend,
        "command": shlex.join(["mnv2", "trial", "rerun", trial.id, *_weights(trial)]),
    }
    notes = "; ".join(part for part in (data.note, note) if part)
    try:
        recipe = parse_recipe(trial.recipe)
        if recipe.start == WEIGHTS and start is None:
            raise Problem("the trial starts from published weights: name their file")
        options: dict[str, Any] = {"backend": backend, "start": start, "checkpoint": checkpoint, "device": device}
        fitted = fit(task(recipe), parse_variant(trial.variant), recipe, data, trial.seed, **options)
        network = fitted.network
        provenance |= {"backend": network.backend, "storage": network.storage, "products": network.products}
        provenance |= facts(device)  # on accelerators with their types of maps and products
        if fitted.resumed:
            provenance["resumed"] = list(fitted.resumed)
        if keep and fitted.status == "finished":
            keep(network)
    except Problem:
        raise
    except Exception:
        provenance["seconds"] = time.perf_counter() - started
        return Record(trial, "failed", {}, notes, provenance, error=scrubbed(traceback.format_exc()))
    provenance["seconds"] = time.perf_counter() - started
    status = "diverged" if fitted.status == "diverged" else "finished"
    return Record(trial, status, finite(fitted.result), notes, provenance)


def _weights(trial: Trial) -> list[str]:
    """What names the file of a start from published weights, of which a record has no path."""
    return ["--weights", "FILE"] if parse_recipe(trial.recipe).start == WEIGHTS else []


def scrubbed(text: str) -> str:
    """A traceback without the folders of this machine: paths start at the project or the package; of others, the last
    part is left."""
    project = Path(__file__).parents[2]
    folders = sorted({str(project), *(entry for entry in sys.path if entry), sys.prefix, sys.base_prefix}, key=len)
    for folder in reversed(folders):
        text = text.replace(folder + "/", "")
    return re.sub(r"(?<![\w.:/])~?/(?:[^\s/'\"]+/)+", "", text)
