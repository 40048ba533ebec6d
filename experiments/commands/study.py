"""`mnv2 study`: the questions, their runs and their answers."""

import shlex
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import tyro

from analysis.problem import Problem
from experiments.executors import Name, choose
from experiments.sinks import Sink, copied
from experiments.studies import STUDIES, find_study

if TYPE_CHECKING:
    from analysis.trials import Record, Store, Trial

DEFAULT_SEEDS: tuple[int, ...] = ()
NO_SINKS: tuple[Sink, ...] = ()


@dataclass(frozen=True)
class Options:
    """How to run a study."""

    seeds: tuple[int, ...] = DEFAULT_SEEDS
    """Seeds of each arm; without, the study's own."""
    recipe: str | None = None
    """Training recipe: brief, short, full; without, the study's own."""
    dataset: str = "cifar10"
    """cifar10, cifar100, synthetic."""
    data_dir: Path | None = None
    """A copy of the data set, in any of its layouts; without, CIFAR10_DIR, the cache, a download."""
    executor: Name = "local"
    """What runs the trials: this machine, Ray, or Slurm; see docs/clusters.md."""
    jobs: int | None = None
    """Trials side by side, one thread each; without, one a core as memory allows, or as many as the cluster takes."""
    gpus: float = 0.0
    """GPUs, or the share of one, that Ray gives each trial."""
    backend: str = "eager"
    """What runs the training step."""
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


def run(
    name: Annotated[str, tyro.conf.Positional],
    options: Annotated[Options, tyro.conf.OmitArgPrefixes] = Options(),
) -> None:
    """Train what a study lacks, then write its table, figure and verdicts.

    Args:
        name: the study, as `mnv2 study list` names it.
        options: how to run it.
    """
    answer(name, options)


def answer(name: str, options: Options) -> None:
    """`run` for other commands."""
    from analysis.trials import Store
    from analysis.trials.sweep import sweep
    from experiments.answer import collect, trials_of, write_answer
    from experiments.data import load
    from experiments.progress import duration, progress

    study = find_study(name)
    recipe = study.training(options.recipe)
    data = load(options.dataset, options.data_dir)
    trials = trials_of(study, recipe, data.name, data.digest, options.seeds or tuple(study.seeds))
    store = Store(options.results / "trials")
    known, bad = store.records()
    for line in bad:
        print(f"mnv2: {line}", file=sys.stderr)
    missing = [trial for trial in trials if wanting(store, trial, options.retry_failed)]
    scratch = options.results / "scratch"
    execute, jobs = choose(
        options.executor, missing, options.jobs, options.gpus, options.data_dir, options.backend, scratch / "slurm"
    )
    if not options.quiet:
        print(f"{study.question} {len(trials)} trials, {len(trials) - len(missing)} in store, {len(missing)} to run")
    expected = expected_seconds(missing, known, len(data.train_labels), options.backend, jobs) if missing else 0.0
    if options.dry_run:
        print("\n".join([*(trial.label for trial in missing), f"forecast: {duration(expected)}, {jobs} side by side"]))
        return
    started = time.monotonic()
    try:
        with progress(trials, jobs, options.quiet, expected) as report:
            report = copied(report, options.sinks, scratch)
            records = sweep(
                trials, store, execute, report, retry_failed=options.retry_failed, fail_fast=options.fail_fast
            )
    except KeyboardInterrupt:
        print(f"what is done is kept; go on with: {shlex.join(['mnv2', *sys.argv[1:]])}", file=sys.stderr)
        raise
    if missing and not options.quiet:
        print(f"took {duration(time.monotonic() - started)}, forecast {duration(expected)}")
    arms = collect(study, trials, records)
    failed = [record for record in records if record.status == "failed"]
    if not failed or all(arm.runs for arm in arms):
        show_answer(*write_answer(study, arms, recipe, data.name, data.note, options.results))
    if failed:
        raise Problem(
            f"{len(failed)} trials failed, first {failed[0].trial.id}: see it by mnv2 trial show, or --retry-failed"
        )


def wanting(store: "Store", trial: "Trial", retry_failed: bool) -> bool:
    """Whether a sweep has to run `trial`."""
    record = store.find(trial)
    return record is None or (retry_failed and record.status == "failed")


def expected_seconds(trials: "list[Trial]", known: "list[Record]", images: int, backend: str, jobs: int) -> float:
    """Forecast for `trials`, from the rate of known records made on such a machine, else of a few steps made now."""
    from analysis.trials.forecast import forecast, known_rate, measured_rate

    rate = known_rate(known, backend) or measured_rate(trials[0], backend)
    return forecast(trials, images, rate, jobs)


def show_answer(paths: list[Path], verdicts: list) -> None:
    """Print where the answer lies and what it is."""
    from experiments.answer import sentence

    for kind, suffix in (("table", ".md"), ("figure", ".png"), ("verdicts", ".json")):
        print(f"{kind:9} {next(path for path in paths if path.suffix == suffix)}")
    for v in verdicts:
        print(f"{'verdict':9} {v.claim}: {sentence(v)}")


def show(
    name: Annotated[str, tyro.conf.Positional],
    options: Annotated[Options, tyro.conf.OmitArgPrefixes] = Options(),
) -> None:
    """Write and print a study's answer from the records in the store; trains nothing and needs no data.

    Args:
        name: the study, as `mnv2 study list` names it.
        options: which results.
    """
    from analysis.trials import Store
    from experiments.answer import collect, trials_of, write_answer

    study = find_study(name)
    recipe = study.training(options.recipe)
    records, bad = Store(options.results / "trials").records()
    digests = [r.trial.digest for r in records if r.trial.dataset == options.dataset]
    if not digests:
        raise Problem(f"no trials on {options.dataset} in {options.results}: mnv2 study run {name}")
    digest = max(set(digests), key=digests.count)  # the copy of the data set that most records come from
    seeds = options.seeds or sorted({r.trial.seed for r in records})
    trials = trials_of(study, recipe, options.dataset, digest, seeds)
    note = next(r.note for r in records if r.trial.digest == digest)
    arms = collect(study, trials, records)
    paths, verdicts = write_answer(study, arms, recipe, options.dataset, note, options.results)
    print(next(path for path in paths if path.suffix == ".md").read_text())
    show_answer(paths, verdicts)
    for line in bad:
        print(line)


def list_studies() -> None:
    """The studies, each with its question."""
    for name in STUDIES:
        print(f"{name:24} {find_study(name).question}")


VERBS = {"list": list_studies, "run": run, "show": show}
