"""Running what a store lacks in front of a user: what is to do, how long it will take, how it went."""

import shlex
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from analysis.problem import Problem
from experiments.sweeps.executors import Name, choose
from experiments.sweeps.sinks import Sink, copied

if TYPE_CHECKING:
    from analysis.trials import Record, Store, Trial

NO_SINKS: tuple[Sink, ...] = ()


@dataclass(frozen=True)
class Running:
    """How to run trials, and on which data."""

    dataset: str | None = None
    """cifar10, cifar100, synthetic, or of boxes and masks bccd, camvid; without, the study's own."""
    data_dir: Path | None = None
    """A copy of the data set, in any of its layouts; without, CIFAR10_DIR, the cache, a download."""
    executor: Name = "local"
    """What runs the trials: this machine, Ray, or Slurm; see docs/clusters.md."""
    jobs: int | None = None
    """Trials side by side, one thread each; without, one a core as memory allows, or as many as the cluster takes."""
    gpus: float = 0.0
    """GPUs, or the share of one, that Ray gives each trial."""
    backend: str = "auto"
    """What runs the training step: eager, fused, auto (fused where it compiles and agrees with torch)."""
    results: Path = Path("results")
    """Folder of trials, tables, figures and verdicts."""
    dry_run: bool = False
    """List what would run, and run nothing."""
    retry_failed: bool = False
    """Run trials again that ended in an error."""
    fail_fast: bool = False
    """Stop at the first trial that ends in an error."""
    quiet: bool = False
    """Print the answer only."""
    sinks: tuple[Sink, ...] = NO_SINKS
    """Copy records to results/scratch for TensorBoard, or for Weights & Biases offline."""

    @property
    def store(self) -> Path:
        """Folder of the records."""
        return self.results / "trials"


def fill(title: str, trials: "Sequence[Trial]", data: Any, options: Running, store: Path) -> "list[Record]":
    """Run those of `trials` that the store in the folder `store` lacks; return the records of all, in order.

    With `dry_run` it lists them with the forecast, and returns no record.

    Raises:
        Problem: as `sweep`.
    """
    from analysis.trials import Store
    from analysis.trials.sweep import sweep
    from experiments.sweeps.progress import duration, progress

    shelf = Store(store)
    known, bad = shelf.records()
    for line in bad:
        print(f"mnv2: {line}", file=sys.stderr)
    missing = [trial for trial in trials if wanting(shelf, trial, options.retry_failed)]
    scratch = options.results / "scratch"
    execute, jobs = choose(
        options.executor, missing, options.jobs, options.gpus, options.data_dir, options.backend, scratch / "slurm"
    )
    if not options.quiet:
        print(f"{title} {len(trials)} trials, {len(trials) - len(missing)} in store, {len(missing)} to run")
    expected = expected_seconds(missing, known, len(data.train_images), options.backend, jobs) if missing else 0.0
    if options.dry_run:
        print("\n".join([*(trial.label for trial in missing), f"forecast: {duration(expected)}, {jobs} side by side"]))
        return []
    started = time.monotonic()
    try:
        with progress(trials, jobs, options.quiet, expected) as report:
            report = copied(report, options.sinks, scratch)
            records = sweep(
                trials, shelf, execute, report, retry_failed=options.retry_failed, fail_fast=options.fail_fast
            )
    except KeyboardInterrupt:
        print(f"what is done is kept; go on with: {shlex.join(['mnv2', *sys.argv[1:]])}", file=sys.stderr)
        raise
    if missing and not options.quiet:
        print(f"took {duration(time.monotonic() - started)}, forecast {duration(expected)}")
    return records


def refuse_failed(records: "Sequence[Record]") -> None:
    """End with a Problem if any record is of a trial that failed.

    Raises:
        Problem: one is; it names the first.
    """
    failed = [record for record in records if record.status == "failed"]
    if failed:
        raise Problem(
            f"{len(failed)} trials failed, first {failed[0].trial.id}: see it by mnv2 trial show, or --retry-failed"
        )


def wanting(store: "Store", trial: "Trial", retry_failed: bool) -> bool:
    """Whether a sweep has to run `trial`."""
    record = store.find(trial)
    return record is None or (retry_failed and record.status == "failed")


def expected_seconds(
    trials: "Sequence[Trial]", known: "Sequence[Record]", images: int, backend: str, jobs: int
) -> float:
    """Forecast in seconds for `trials`, from the rate of known records made on such a machine, else of a few
    steps made now."""
    from analysis.nn.backend import resolved
    from analysis.trials.forecast import forecast, known_rate, measured_rate

    backend = resolved(backend)
    rate = known_rate(known, backend) or measured_rate(trials[0], backend)
    return forecast(trials, images, rate, jobs)
