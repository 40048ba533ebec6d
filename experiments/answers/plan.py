"""How many seeds a study needs, from the spread of the runs that are stored."""

from collections.abc import Sequence

from analysis.problem import Problem
from analysis.render.table import Table
from analysis.stats import diverged, finished, paired_difference, seeds_needed
from analysis.stats.power import MOST_SEEDS
from analysis.tasks.recipes import AnyRecipe
from analysis.trials import Record
from experiments.answers.collect import stored_arms
from experiments.study import Study


def plan_table(study: Study, recipe: AnyRecipe, dataset: str, records: Sequence[Record], detect: float) -> Table:
    """For each difference that a study looks at: its spread so far, and the seeds that show `detect` points.

    Raises:
        Problem: `detect` not above 0, or too few runs to know a spread.
    """
    if not detect > 0:
        raise Problem(f"--detect {detect} is no difference to be found: give points of accuracy above 0")
    arms, _ = stored_arms(study, recipe, dataset, records, sorted({r.trial.seed for r in records}))
    runs = {arm.name: arm.runs for arm in arms}
    rows = []
    for a, b in [*((arm.name, arms[0].name) for arm in arms[1:]), *study.beside]:
        shared = set(finished(runs[a])) & set(finished(runs[b]))
        if len(shared) < 3:
            continue
        difference = paired_difference(runs[a], runs[b], (a, b))
        seeds = seeds_needed(detect, difference.sd)
        lost = len(diverged(runs[a])) + len(diverged(runs[b]))
        rows.append((difference.label, difference.n, lost, difference.sd, difference.detectable, seeds))
    if not rows:
        raise Problem(f"study {study.name} needs three seeds of two arms for a pilot: {study.command}")
    columns = ("difference", "pilot n", "diverged", "sd", "detectable now", f"seeds for {detect:g} points")
    note = (
        "Two-sided paired t test at 5 %, power 0.8, one comparison; `sd` is that of the differences over seeds, itself "
        f"uncertain at few of them. Empty: more than {MOST_SEEDS:,} seeds."
    )
    return Table(f"Seeds that {study.name} needs", columns, rows, (note,))
