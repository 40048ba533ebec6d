"""Copies of the records for the viewers of others: TensorBoard, Weights & Biases offline. Nothing reads them back."""

from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path

from analysis.problem import Problem
from analysis.trials.record import Record
from analysis.trials.sweep import Event, Report
from analysis.trials.trial import Trial
from experiments.sweeps.options import Sink


def copied(report: Report, sinks: Sequence[Sink], folder: Path) -> Report:
    """`report`, which also copies each record that it gets, kept ones too, to `sinks` below `folder`.

    Raises:
        Problem: a sink's package is not installed.
    """
    for sink in sinks:
        if find_spec(sink) is None:
            raise Problem(f"--sinks {sink} needs a package that is not installed: pip install {sink}")
    writers = [{"tensorboard": _tensorboard, "wandb": _wandb}[sink] for sink in sinks]

    def told(event: Event, trial: Trial | None, record: Record | None) -> None:
        report(event, trial, record)
        if record is not None:
            for write in writers:
                write(record, folder)

    return told


def _tensorboard(record: Record, folder: Path) -> None:
    from torch.utils.tensorboard import SummaryWriter

    place = folder / "tensorboard" / f"{record.trial.label} {record.trial.id}".replace("/", " ")
    if place.exists():  # from an earlier sweep
        return
    with SummaryWriter(str(place)) as writer:
        for step, values in enumerate(_history(record), 1):
            for name, value in values.items():
                writer.add_scalar(name, value, step)
        writer.add_text("record", record.to_json().decode())


def _wandb(record: Record, folder: Path) -> None:
    import wandb

    place = folder / "wandb" / record.trial.id
    if place.exists():
        return
    place.mkdir(parents=True)
    trial = record.trial
    facts = {"variant": trial.variant, "recipe": trial.recipe, "dataset": trial.dataset, "seed": trial.seed}
    names = {"project": "mobilenetv2-ablations", "id": trial.id, "name": trial.label}
    run = wandb.init(mode="offline", dir=str(place), config=facts, settings=wandb.Settings(silent=True), **names)
    for values in _history(record):
        run.log(values)
    run.finish()


def _history(record: Record) -> list[dict[str, float]]:
    """Losses and accuracies by epoch; the last has the test accuracy too."""
    history = [
        {name: value for name, value in epoch.items() if value is not None} for epoch in record.result.get("epochs", [])
    ]
    if record.score is not None:
        history = [*history[:-1], {**(history[-1] if history else {}), "test_accuracy": record.score}]
    return history
