"""A device as it trains, for a bug report: whether it agrees with a CPU, how fast it is, some headline runs."""

import time
import traceback
from collections.abc import Callable
from typing import Any

import torch

from analysis.data.cifar import load_dataset, locate
from analysis.environment import environment
from analysis.problem import Problem
from analysis.tasks.recipes import recipe
from analysis.training.capture import disagreement
from analysis.training.device import devices, facts
from analysis.trials import Trial
from analysis.trials.run import run_on, scrubbed
from experiments.benches.agreement import agreements
from experiments.benches.device import throughput
from experiments.studies.registry import find_study

STUDY, RECIPE = "headline", "brief"
PARTS = ("agreement", "capture", "throughput", "headline")


def report(
    device: torch.device,
    seeds: int,
    rounds: int,
    seconds: float,
    minutes: float,
    say: Callable[[str], object],
) -> dict[str, Any]:
    """All that a bug report needs, as plain values. A part that fails has its traceback in its place, and the others
    follow. `seconds`: of a turn of the throughput. `minutes`: after them no trial starts. `say` is called with the name
    of each part."""
    deadline = time.monotonic() + 60 * minutes
    makers: dict[str, Callable[[], Any]] = {
        "agreement": lambda: [row._asdict() for row in agreements(device)],
        "capture": lambda: disagreement(device) or "agrees" if device.type == "cuda" else "on CUDA devices alone",
        "throughput": lambda: throughput(device, rounds, seconds),
        "headline": lambda: headline(device, seeds, deadline),
    }
    found: dict[str, Any] = {"environment": {**environment(), **facts(device)}, "devices": list(devices())}
    took: dict[str, float] = {}
    for name in PARTS:
        say(name)
        started = time.monotonic()
        try:
            found[name] = makers[name]()
        except Exception:
            found[name] = {"error": scrubbed(traceback.format_exc())}
        took[name] = time.monotonic() - started
    return found | {"seconds": took}


def headline(device: torch.device, seeds: int, deadline: float) -> dict[str, Any]:
    """The runs of the headline's arms by the recipe `brief`, seeds outermost, until the clock (time.monotonic) is at
    `deadline`, and their data: CIFAR-10 where it is on this machine, else the synthetic images."""
    made, data, runs = recipe(RECIPE), images(), []
    arms = [(seed, *arm) for seed in range(seeds) for arm in find_study(STUDY).arms.items()]
    for seed, arm, variant in arms:
        if time.monotonic() > deadline:
            break
        trial = Trial(variant.text, made.text, data.name, data.digest, seed)
        record = run_on(data, trial, "auto", device=device)
        kept = {name: record.provenance[name] for name in ("backend", "seconds")}
        run = {"arm": arm, "seed": seed, "status": record.status, "accuracy": record.score, **kept}
        runs.append(run | ({"error": record.error} if record.error else {}))
    return {"data": data.name, "note": data.note, "planned": len(arms), "runs": runs}


def images() -> Any:
    """CIFAR-10 where it is on this machine, else the synthetic images."""
    try:
        return load_dataset("cifar10" if locate("cifar10") else "synthetic")
    except Problem:
        return load_dataset("synthetic")


def lines(found: dict[str, Any]) -> list[str]:
    """A report for people, a line for each finding."""
    said = [f"{name:12} {value}" for name, value in found["environment"].items()]
    for name in PARTS:
        part = found[name]
        if isinstance(part, dict) and "error" in part:
            mine = [f"FAILED: {part['error'].strip().splitlines()[-1]}"]
        else:
            mine = [part] if isinstance(part, str) else SAYS[name](part)
        said += [f"{name:12} {line}" for line in mine]
    return said


def _agreement(rows: list[dict[str, Any]]) -> list[str]:
    return [
        f"{row['task']}, {row['type']}: {'agrees' if row['agrees'] else 'DIFFERS'}, relative error of the loss "
        f"{row['loss']:.1e}, of the gradient {row['gradient']:.1e}"
        for row in rows
    ]


def _throughput(rows: list[dict[str, Any]]) -> list[str]:
    return [f"{r['width']}, {r['backend']}: {r['images/s']:.0f} images/s, {r['to eager']:.2f} x eager" for r in rows]


def _headline(part: dict[str, Any]) -> list[str]:
    said = [f"{part['data']}, {len(part['runs'])} of {part['planned']} runs"]
    for run in part["runs"]:
        score = "" if run["accuracy"] is None else f", {run['accuracy']:.2f} %"
        said.append(
            f"{run['arm']}, seed {run['seed']}: {run['status']}{score}, {run['backend']}, {run['seconds']:.1f} s"
        )
    return said


SAYS: dict[str, Callable[[Any], list[str]]] = {
    "agreement": _agreement,
    "throughput": _throughput,
    "headline": _headline,
}
