"""`mnv2 study`: the questions, their runs and their answers."""

from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated, Literal

import tyro

from experiments.studies.registry import STUDIES, find_study
from experiments.study import Study, at_equal, fresh
from experiments.sweeps.running import Running

DEFAULT_SEEDS: tuple[int, ...] = ()


@dataclass(frozen=True)
class Options(Running):
    """How to run a study."""

    seeds: tuple[int, ...] = DEFAULT_SEEDS
    """Seeds of each arm; without, the study's own."""
    fresh_seeds: int | None = None
    """Take as many seeds as otherwise, but from this number on; the answer is written beside the other one."""
    recipe: str | None = None
    """Training recipe: brief, short, full; without, the study's own."""

    at_equal: Literal["madds", "params", "memory"] | None = None
    """Give every arm but the first the width at which it costs what the first does."""

    def question(self, name: str) -> Study:
        """The study to run, on the seeds to take."""
        study = find_study(name)
        seeds = self.seeds or study.seeds
        if self.fresh_seeds is not None:
            seeds = study.seeds_from(self.fresh_seeds)
        study = replace(study, seeds=tuple(seeds))
        return at_equal(study, self.at_equal) if self.at_equal else study

    @property
    def suffix(self) -> str:
        """What tells the files of an answer from fresh seeds apart."""
        return "" if self.fresh_seeds is None else fresh(self.fresh_seeds)


def run(
    name: Annotated[str, tyro.conf.Positional],
    options: Annotated[Options, tyro.conf.OmitArgPrefixes] = Options(),
) -> None:
    """Train what a study lacks, then write its table, figure and verdicts.

    Args:
        name: the study, as `mnv2 study list` names it, or a Python file of your own with a STUDY.
        options: how to run it.
    """
    answer(name, options)


def answer(name: str, options: Options) -> None:
    """`run` for other commands."""
    from experiments.answers.pictures import write_classes, write_pictures
    from experiments.answers.study import NoRuns, collect, trials_of, write_answer
    from experiments.sweeps.data import load
    from experiments.sweeps.running import fill, refuse_failed

    study = options.question(name)
    recipe = study.training(options.recipe)
    variant = next(iter(study.arms.values()))
    data = load(options.dataset or study.dataset, options.data_dir, (variant, recipe))
    trials = trials_of(study, recipe, data.name, data.digest, study.seeds)
    records = fill(study.question, trials, data, options, options.store)
    if options.dry_run:
        return
    arms, note = collect(study, trials, records)
    with suppress(NoRuns):  # of trials that all failed
        show_answer(*write_answer(study, arms, recipe, data.name, note, options.results, options.suffix))
    beside = write_classes(study, recipe, data.name, records, options.results, options.suffix)
    beside += write_pictures(study, recipe, data, records, options.results, options.suffix)
    for path in beside:
        print(f"{'beside':9} {path}")
    refuse_failed(records)


def show_answer(paths: list[Path], verdicts: list) -> None:
    """Print where the answer lies and what it is."""
    from experiments.answers.study import sentence

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
        name: the study, as `mnv2 study list` names it, or a Python file of your own with a STUDY.
        options: which results.
    """
    from analysis.trials import Store
    from experiments.answers.stored import stored_answer

    study = options.question(name)
    records, bad = Store(options.store).records()
    recipe, seeds = study.training(options.recipe), study.seeds
    dataset = options.dataset or study.dataset
    paths, verdicts = stored_answer(study, recipe, dataset, records, seeds, options.results, options.suffix)
    print(next(path for path in paths if path.suffix == ".md").read_text())
    show_answer(paths, verdicts)
    for line in bad:
        print(line)


def plan(
    name: Annotated[str, tyro.conf.Positional],
    detect: float = 1.0,
    options: Annotated[Options, tyro.conf.OmitArgPrefixes] = Options(),
) -> None:
    """How many seeds show a difference of `--detect` points, from the spread of the runs so far.

    Args:
        name: the study, as `mnv2 study list` names it, or a Python file of your own with a STUDY.
        detect: the smallest difference of interest, in points of accuracy.
        options: which results.
    """
    from analysis.trials import Store
    from experiments.answers.stored import plan_table

    study = options.question(name)
    records, _ = Store(options.store).records()
    dataset = options.dataset or study.dataset
    print(plan_table(study, study.training(options.recipe), dataset, records, detect).markdown())


def list_studies() -> None:
    """The studies, each with its question."""
    for name in STUDIES:
        print(f"{name:24} {find_study(name).question}")


VERBS = {"list": list_studies, "run": run, "show": show, "plan": plan}
