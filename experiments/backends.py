"""Do the fused kernels train as torch's own operators do?

They keep maps in bfloat16 and sum in another order, so a run comes out otherwise with each; the question is whether
networks come out better or worse. Each arm of the headline study (linear and ReLU6 projections, the three placements
of the shortcut) is trained with both, over ten seeds.

    mnv2 backends

Eighty trials of one epoch, forecast by `--dry-run`; those with the fused kernels are the studies' own.

The rules were fixed before the runs. For each arm the mean difference fused - eager, paired by seed, is to lie within
1.5 points: less than a quarter of what a ReLU6 in the bottleneck costs here, and about what chance separates two runs
by. The mean over the arms is to lie within 0.75 points. Both are shown by two one-sided
tests at 5 %; as all must hold, none is corrected. What it does not show: other budgets, and sizes far from this one.
"""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

from analysis.files import write_whole
from analysis.render.table import Table
from analysis.stats import (
    Judgement,
    Rule,
    Runs,
    contrast,
    equivalence,
    finished,
    judge,
    mean_interval,
    paired_difference,
    verdict,
)
from analysis.trials import Store
from analysis.trials.tasks import AnyRecipe
from experiments.answer import NoRuns, conditions
from experiments.headline import STUDY as HEADLINE
from experiments.stored import stored_arms
from experiments.study import Study

BACKENDS = ("fused", "eager")
ARM_RULE = Rule("=", margin=1.5)
MEAN_RULE = Rule("=", margin=0.75)

STUDY = Study(
    name="backends",
    question="Do the fused kernels train as torch's operators do?",
    source="a question about this suite, not about the paper",
    arms=HEADLINE.arms,
    seeds=range(10),
)

Accuracies = Mapping[str, Mapping[str, Runs]]
"""Arm -> backend -> accuracy by seed."""


def store(backend: str, results: Path) -> Path:
    """Folder of a backend's records: the fused kernels fill the store of all studies, torch's operators another."""
    return results / "trials" if backend == "fused" else results / "backends" / "trials"


def judgements(runs: Accuracies) -> dict[str, Judgement]:
    """The judgement of each arm and of their mean."""
    found = {arm: judge(ARM_RULE, paired_difference(by["fused"], by["eager"], BACKENDS)) for arm, by in runs.items()}
    share = 1 / len(runs)
    mean = contrast(
        [by[backend] for by in runs.values() for backend in BACKENDS],
        [share, -share] * len(runs),
        title="fused - eager, mean of the arms",
    )
    return {**found, "mean of the arms": judge(MEAN_RULE, mean)}


def write_answer(dataset: str, recipe: AnyRecipe, seeds: Sequence[int], results: Path) -> list[Path]:
    """Write table and verdicts below `results`, from the records stored there; return their paths.

    Raises:
        NoRuns: an arm has no runs.
        Problem: the folder cannot be written to.
    """
    runs: dict[str, dict[str, Runs]] = {name: {} for name in STUDY.arms}
    note = ""
    for backend in BACKENDS:
        records, _ = Store(store(backend, results)).records()
        arms, _ = stored_arms(STUDY, recipe, dataset, records, seeds)
        note = next(record.note for record in records if record.trial.dataset == dataset)
        for arm in arms:
            runs[arm.name][backend] = arm.runs
    if not all(by[backend] for by in runs.values() for backend in BACKENDS):
        raise NoRuns("not every arm has run with both backends yet: mnv2 backends")
    found, where, stem = judgements(runs), conditions(dataset, note, recipe), f"{STUDY.name}-{dataset}-{recipe.name}"
    rows = [verdict(f"backends-{arm.replace(' ', '-')}", where, each).row() for arm, each in found.items()]
    text = json.dumps(rows, indent=1) + "\n"
    paths = table(where, runs, found).write(results / "tables" / stem)
    return [*paths, write_whole(results / "verdicts" / f"{stem}.json", text.encode())]


def table(where: str, runs: Accuracies, found: Mapping[str, Judgement]) -> Table:
    """A row an arm: accuracies with both backends, their difference, whether it is shown to be small."""
    columns = ("arm", "n", "fused %", "sd", "eager %", "sd", "fused - eager", "from", "to", "margin", "p", "finding")
    rows = []
    for name, judgement in found.items():
        accuracies = []
        for backend in BACKENDS:
            e = mean_interval(finished(runs[name][backend]).values()) if name in runs else None
            accuracies += [e.mean, e.sd] if e else [None, None]
        d, margin = judgement.difference, judgement.rule.margin
        small = equivalence(d, margin)
        rows.append((name, d.n, *accuracies, d.mean, small.low, small.high, margin, small.p, judgement.finding))
    notes = (
        f"{where}. Command: `mnv2 backends`. Differences in points, paired by seed, with the 90 % t interval that two "
        "one-sided tests at 5 % look at; `p` is theirs. A difference within its margin counts as none.",
    )
    return Table(STUDY.question, columns, rows, notes)
