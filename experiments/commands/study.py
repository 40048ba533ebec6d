"""`mnv2 study`: the questions, their runs and their answers."""

import sys
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import tyro

from experiments.studies.registry import STUDIES, find_study
from experiments.studies.widths import LATENCY, keep, path_of
from experiments.study import Study
from experiments.sweeps.options import Options

if TYPE_CHECKING:
    from collections.abc import Sequence

    from analysis.tasks.recipes import AnyRecipe
    from analysis.trials import Record, Trial
    from experiments.answers.answer import Answer

DEFAULTS = Options()


def run(
    name: Annotated[str, tyro.conf.Positional],
    options: Annotated[Options, tyro.conf.OmitArgPrefixes] = DEFAULTS,
) -> None:
    """Train what a study lacks, then write its table, figure and verdicts.

    Args:
        name: the study, as `mnv2 study list` names it, or a Python file of your own with a STUDY.
        options: how to run it.
    """
    from analysis.trials import Store
    from experiments.answers.answer import write
    from experiments.answers.classes import classes
    from experiments.answers.collect import NoRuns, as_stored, collect, trials_of
    from experiments.answers.conditions import Conditions
    from experiments.answers.pictures import pictures
    from experiments.answers.study import Question, summary
    from experiments.answers.study import answer as made
    from experiments.sweeps.data import load, start_digest
    from experiments.sweeps.running import fill, refuse_failed

    if options.at_equal == LATENCY:
        measure_widths(name, options)
    study, recipe, start = prepared(name, options)
    variant = next(iter(study.arms.values()))
    data = load(options.dataset or study.dataset, options.data_dir, (variant, recipe))
    start = start_digest(recipe) if start is None else start
    which = study, recipe, data.name, data.digest, study.seeds, start
    chosen = trials_of(*which, options.arms)
    if study.looks and not options.seeds:
        records = in_looks(study, recipe, trials_of(*which), chosen, data, options)
    else:
        records = fill(study.question, as_stored(Store(options.store), chosen), data, options, options.store)
    if options.dry_run:
        return
    if options.arms:  # the others may have run before
        records = Store(options.store).records()[0]
    arms, notes = collect(study, recipe, as_stored(Store(options.store), trials_of(*which)), records)
    question = Question(study, Conditions(data.name, notes, recipe, study.varied), arms, options.fresh_seeds)
    with suppress(NoRuns):  # of trials that all failed
        answer = made(question)
        print(f"\n{summary(question).pipe()}\n")
        write_and_show(answer, options.results)
    for more in (classes(question, records), pictures(question, data, records)):
        for path in write(more, options.results) if more else ():
            print(f"{'further':9} {path}")
    refuse_failed(records)


def measure_widths(name: str, options: Options) -> None:
    """Measure the widths at which a study's arms take as long as its first, where they are not kept yet.

    Raises:
        Problem: no width brings an arm there.
    """
    study = replace(options, at_equal=None).question(name)
    path = path_of(study, options.results)
    if path.is_file():
        return
    from experiments.measurements.latency.widths import measure

    print(f"The widths at equal latency are measured once, which takes minutes: {path}", file=sys.stderr, flush=True)
    print(f"widths    {keep(path, measure(study))}")


def prepared(name: str, options: Options) -> "tuple[Study, AnyRecipe, str | None]":
    """The study to run, its recipe, and where it starts from given weights their digest.

    Raises:
        Problem: as `Options.question`, or the weights do not fit an arm.
    """
    study = options.question(name)
    recipe = study.training(options.recipe)
    if options.weights is None:
        return study, recipe, None
    from experiments.sweeps.weights import from_weights

    return from_weights(study, recipe, options.weights, options.arms, options.layout)


def in_looks(
    study: Study,
    recipe: "AnyRecipe",
    planned: "Sequence[Trial]",
    chosen: "Sequence[Trial]",
    data: Any,
    options: Options,
) -> "list[Record]":
    """Train those of `planned` that are `chosen`, look by look, until the study is decided or lacks others.

    Returns the records of all that was trained or kept.
    """
    from analysis.trials import Store
    from experiments.answers.collect import as_stored, collect, wanted_of
    from experiments.answers.looks import decided, looked
    from experiments.sweeps.running import fill

    store, rates = Store(options.store), {}
    trials = as_stored(store, planned)
    records = {record.trial: record for record in map(store.find, trials) if record}
    mine = set(as_stored(store, chosen))
    if not options.quiet:
        print(study.question)
    while True:
        found = looked(study, collect(study, recipe, trials, records.values())[0])
        if found.looks and not options.quiet and not options.dry_run:
            print(f"\n{decided(found).pipe()}\n")
        wanted = [trial for trial in wanted_of(study, recipe, trials, found.wanted) if trial in mine]
        if not wanted:
            return list(records.values())
        title = f"Look {found.looks + 1}, of at most {len(study.seeds)} seeds an arm:"
        made = fill(title, wanted, data, options, options.store, rates)
        records |= {record.trial: record for record in made}
        if options.dry_run or any(record.status == "failed" for record in made):
            return list(records.values())


def write_and_show(answer: "Answer", results: Path) -> None:
    """Write a study's answer, print where it is and what it says."""
    from experiments.answers.answer import write

    paths = write(answer, results)
    for kind, suffix in (("table", ".md"), ("figure", ".png"), ("verdicts", ".json")):
        print(f"{kind:9} {next(path for path in paths if path.suffix == suffix)}")
    for v in answer.verdicts or ():
        print(f"{'verdict':9} {v.claim}: {v.sentence}")


def show(
    name: Annotated[str, tyro.conf.Positional],
    options: Annotated[Options, tyro.conf.OmitArgPrefixes] = DEFAULTS,
) -> None:
    """Write and print a study's answer from the records in the store. Trains nothing and needs no data.

    Args:
        name: the study, as `mnv2 study list` names it, or a Python file of your own with a STUDY.
        options: which results.
    """
    from analysis.trials import Store
    from experiments.answers.answer import write
    from experiments.answers.classes import classes
    from experiments.answers.collect import stored_arms
    from experiments.answers.conditions import Conditions
    from experiments.answers.study import Question
    from experiments.answers.study import answer as made
    from experiments.studies.found import found_or_why_not

    study, recipe, _ = prepared(name, options)
    records, bad = Store(options.store).records()
    dataset = options.dataset or study.dataset
    arms, notes = stored_arms(study, recipe, dataset, records, study.seeds)
    question = Question(study, Conditions(dataset, notes, recipe, study.varied), arms, options.fresh_seeds)
    answer = made(question)
    print(answer.tables[""].markdown())
    if said := found_or_why_not(study.name, options.results):
        print(f"{said}\n")
    write_and_show(answer, options.results)
    if by_class := classes(question, records):
        write(by_class, options.results)
    for line in bad:
        print(line)


def plan(
    name: Annotated[str, tyro.conf.Positional],
    detect: float = 1.0,
    options: Annotated[Options, tyro.conf.OmitArgPrefixes] = DEFAULTS,
) -> None:
    """How many seeds show a difference of `--detect` points, from the spread of the runs so far.

    Args:
        name: the study, as `mnv2 study list` names it, or a Python file of your own with a STUDY.
        detect: the smallest difference of interest, in points of accuracy.
        options: which results.
    """
    from analysis.trials import Store
    from experiments.answers.plan import plan_table

    study, recipe, _ = prepared(name, options)
    records, _ = Store(options.store).records()
    print(plan_table(study, recipe, options.dataset or study.dataset, records, detect).markdown())


def list_studies() -> None:
    """The studies, each with its question."""
    for name in STUDIES:
        print(f"{name:24} {find_study(name).question}")


def power(results: Path = Path("results"), studies: int = 4000) -> None:
    """What designs and rules do under known truths: how often each verdict, with how many seeds. Writes the tables.

    Args:
        results: folder with the trials whose spreads the rules are tested at, and with the tables.
        studies: simulated ones a line.
    """
    from experiments.power import budgets, designs, measured, ranking, rates

    made = (designs.write, measured.write, ranking.write, rates.write, budgets.write)
    for path in (path for write in made for path in write(results, studies)):
        if path.suffix == ".md":
            print(path.read_text())
            print(f"table     {path}")


VERBS = {"list": list_studies, "run": run, "show": show, "plan": plan, "power": power}
