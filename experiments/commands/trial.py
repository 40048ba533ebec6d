"""`mnv2 trial`: one stored run, seen or made again."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import tyro

from analysis.problem import Problem


def show(id: Annotated[str, tyro.conf.Positional], results: Path = Path("results")) -> None:
    """Print a record: what ran, what came out, where and how.

    Args:
        id: the trial's id, or as many of its first characters as distinguish it.
        results: folder of the results.
    """
    record = _find(id, results)
    print(f"{record.trial.label}: {record.status}" + (f", {record.score:.2f} %" if record.score else ""))
    print(json.dumps({"id": record.trial.id, **asdict(record)}, indent=1))


def rerun(
    id: Annotated[str, tyro.conf.Positional],
    results: Path = Path("results"),
    data_dir: Path | None = None,
    device: str | None = None,
    weights: Path | None = None,
) -> None:
    """Train a stored trial again and compare: on the same machine and thread count a CPU's result is the same, bit for
    bit.

    Nothing is stored.

    Args:
        id: the trial's id, or as many of its first characters as distinguish it.
        results: folder of the results.
        data_dir: a copy of the data set. Without, as for `mnv2 study run`.
        device: what computes: cpu, cuda, cuda:1, mps, auto. Without, the kind of device that it ran on.
        weights: the file of published weights that the trial started from, if it did.

    Raises:
        Problem: no such trial, device or data, or a result that is another.
    """
    from analysis.trials.worker import Way, run_trial

    old = _find(id, results)
    backend, threads = old.provenance.get("backend", "eager"), old.provenance.get("threads", 1)
    where: str = device or old.provenance.get("device_type", "cpu")
    if (where == "cpu" and backend == "captured") or (where != "cpu" and backend == "fused"):
        backend = "auto"  # of another kind of device
    way = Way(str(data_dir) if data_dir else None, backend, threads, device=where, weights=weights)
    new = run_trial(old.trial, way)
    for name, record in (("stored", old), ("again", new)):
        losses = [epoch["train_loss"] for epoch in record.result.get("epochs", [])]
        print(f"{name:7} {record.status}, accuracy {record.score} %, training loss by epoch {losses}")
    if _outcome(old) == _outcome(new):
        print("the same, bit for bit")
        return
    here, there = (_computed(record) for record in (new, old))
    hint = "another machine may round otherwise" if here != there else "were versions or backend others?"
    if new.provenance["device_type"] != "cpu":
        hint = "an accelerator adds in an order that may change from run to run"
    raise Problem(f"trial {old.trial.id} came out otherwise: stored on {there}, now on {here}; {hint}")


def _find(id: str, results: Path):
    from analysis.trials import Store

    records, _ = Store(results / "trials").records()
    found = [record for record in records if record.trial.id.startswith(id)]
    if len(found) != 1:
        ids = ", ".join(record.trial.id for record in (found or records)[:5]) or "none"
        raise Problem(f"{len(found)} trials in {results} begin with {id!r}; there are for example {ids}")
    return found[0]


def _computed(record) -> str:
    """The processor of a run, or the accelerator."""
    on_cpu = record.provenance.get("device_type", "cpu") == "cpu"
    return record.provenance.get("processor" if on_cpu else "device", "unknown")


def _outcome(record):
    """The record without times."""
    epochs = [{k: v for k, v in epoch.items() if k != "seconds"} for epoch in record.result.get("epochs", [])]
    return record.status, epochs, record.score, record.readings


VERBS = {"show": show, "rerun": rerun}
