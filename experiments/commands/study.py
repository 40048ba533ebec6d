"""`mnv2 study`: the questions, their runs and their answers."""

import shlex
import sys
import time
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import tyro

from analysis.problem import Problem
from experiments.studies import STUDIES, find_study

if TYPE_CHECKING:
    from analysis.trials import Store, Trial

DEFAULT_SEEDS: tuple[int, ...] = ()


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
    jobs: int | None = None
    """Trials side by side, one thread each; without, one a core as memory allows."""
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
    from analysis.trials.local import local, sensible_jobs
    from analysis.trials.run import run_trial
    from analysis.trials.sweep import sweep
    from experiments.answer import collect, trials_of, write_answer
    from experiments.data import load
    from experiments.progress import duration, progress

    study = find_study(name)
    recipe = study.training(options.recipe)
    data = load(options.dataset, options.data_dir)
    trials = trials_of(study, recipe, data.name, data.digest, options.seeds or tuple(study.seeds))
    store, jobs = Store(options.results / "trials"), sensible_jobs(options.jobs)
    missing = [trial for trial in trials if store.find(trial) is None]
    if not options.quiet:
        print(f"{study.question} {len(trials)} trials, {len(trials) - len(missing)} in store, {len(missing)} to run")
    expected = expected_seconds(missing, store, len(data.train_labels), options.backend, jobs) if missing else 0.0
    if options.dry_run:
        print("\n".join([*(trial.label for trial in missing), f"forecast: {duration(expected)}, {jobs} side by side"]))
        return
    started = time.monotonic()
    folder = str(Path(options.data_dir).resolve()) if options.data_dir else None
    execute = local(partial(run_trial, data_dir=folder, backend=options.backend), min(jobs, max(1, len(missing))))
    try:
        with progress(trials, jobs, options.quiet) as report:
            records = sweep(
                trials, store, execute, report, retry_failed=options.retry_failed, fail_fast=options.fail_fast
            )
    except KeyboardInterrupt:
        print(f"what is done is kept; go on with: {shlex.join(['mnv2', *sys.argv[1:]])}", file=sys.stderr)
        raise
    if missing and not options.quiet:
        print(f"took {duration(time.monotonic() - started)}, forecast {duration(expected)}")
    paths, verdicts = write_answer(
        study, collect(study, trials, records), recipe, data.name, data.note, options.results
    )
    show_answer(paths, verdicts)
    if failed := [record for record in records if record.status == "failed"]:
        raise Problem(
            f"{len(failed)} trials failed, first {failed[0].trial.id}: see it by mnv2 trial show, or --retry-failed"
        )


def expected_seconds(trials: "list[Trial]", store: "Store", images: int, backend: str, jobs: int) -> float:
    """Forecast for `trials`, from the rate of stored records made on such a machine, else of a few steps made now."""
    from analysis.trials.forecast import forecast, known_rate, measured_rate

    rate = known_rate(store.records()[0], backend) or measured_rate(trials[0], backend)
    return forecast(trials, images, rate, min(jobs, len(trials)))


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
