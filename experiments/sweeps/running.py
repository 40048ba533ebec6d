"""Running what a store lacks in front of a user: what is to do, how long it will take, how it went."""

import shlex
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import torch

from analysis.nn.backend import resolved
from analysis.problem import Problem
from analysis.training.device import CPU
from analysis.trials import Record, Store, Trial
from analysis.trials.forecast import forecast, trial_madds
from analysis.trials.rate import measured_rate
from analysis.trials.sweep import Event, Report, sweep
from analysis.trials.trial import checkpoint_path
from experiments.sweeps.executors import choose, device_here
from experiments.sweeps.options import Running
from experiments.sweeps.progress import duration, progress
from experiments.sweeps.sinks import copied


def fill(
    title: str, trials: Sequence[Trial], data: Any, options: Running, store: Path, rates: dict[str, float] | None = None
) -> list[Record]:
    """Run those of `trials` that the store in the folder `store` lacks; return the records of all, in order.

    With `dry_run` it lists them with the forecast, and returns no record. `rates`: as of `expected_seconds`.

    Raises:
        Problem: as `sweep`.
    """
    kept = Store(store)
    for line in kept.records()[1]:
        print(f"mnv2: {line}", file=sys.stderr)
    missing = [trial for trial in trials if wanting(kept, trial, options.retry_failed)]
    execute, jobs = choose(options, missing)
    if not options.quiet:
        print(f"{title} {len(trials)} trials, {len(trials) - len(missing)} in store, {len(missing)} to run")
    device = device_here(options)
    expected = expected_seconds(missing, data, options.backend, jobs, device, rates) if missing else 0.0
    if options.dry_run:
        print("\n".join([*(trial.label for trial in missing), f"forecast: {duration(expected)}, {jobs} side by side"]))
        return []
    started = time.monotonic()
    try:
        with progress(trials, jobs, options.quiet, expected) as report:
            report = copied(cleared(report, options.checkpoints), options.sinks, options.results / "scratch")
            records = sweep(
                trials, kept, execute, report, retry_failed=options.retry_failed, fail_fast=options.fail_fast
            )
    except KeyboardInterrupt:
        print(f"what is done is kept, continue with: {shlex.join(['mnv2', *sys.argv[1:]])}", file=sys.stderr)
        raise
    if missing and not options.quiet:
        print(f"took {duration(time.monotonic() - started)}, forecast {duration(expected)}")
    return records


def cleared(report: Report, folder: Path) -> Report:
    """`report`, which also deletes the checkpoint inside a trial, below `folder`, once its record is stored."""

    def clear(event: Event, trial: Trial | None, record: Record | None) -> None:
        if record is not None:
            checkpoint_path(folder, record.trial).unlink(missing_ok=True)
        report(event, trial, record)

    return clear


def refuse_failed(records: Sequence[Record]) -> None:
    """End with a Problem if any record is of a trial that failed.

    Raises:
        Problem: one is; it names the first.
    """
    failed = [record for record in records if record.status == "failed"]
    if failed:
        raise Problem(
            f"{len(failed)} trials failed, first {failed[0].trial.id}: see it by mnv2 trial show, or --retry-failed"
        )


def wanting(store: Store, trial: Trial, retry_failed: bool) -> bool:
    """Whether a sweep has to run `trial`."""
    record = store.find(trial)
    return record is None or (retry_failed and record.status == "failed")


def expected_seconds(
    trials: Sequence[Trial],
    data: Any,
    backend: str,
    jobs: int,
    device: torch.device = CPU,
    rates: dict[str, float] | None = None,
) -> float:
    """Forecast in seconds for `trials`, recipe by recipe from a few steps made now of the one of median cost: small
    networks do fewer multiply-adds a second.

    `rates`: multiply-adds a second by the text of a recipe, of this data, backend and device. What it lacks is added.
    """
    backend, images = resolved(backend, device), len(data.train_images)
    rates = {} if rates is None else rates
    for text in dict.fromkeys(trial.recipe for trial in trials if trial.recipe not in rates):
        mine = sorted((each for each in trials if each.recipe == text), key=lambda each: trial_madds(each, images))
        rates[text] = measured_rate(mine[(len(mine) - 1) // 2], data, backend, device=device)
    return forecast([trial_madds(trial, images) / rates[trial.recipe] for trial in trials], jobs)
