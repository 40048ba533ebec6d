"""Do the fused kernels train as torch's own operators do?

They keep maps in bfloat16 and sum in another order, so a run comes out otherwise with each; the question is whether
networks come out better or worse. Each arm of the headline study (linear and ReLU6 projections, the three placements
of the shortcut) is trained with both, with the same seeds.

    mnv2 backends

Trials of one epoch, forecast by `--dry-run`. Kernels that multiply otherwise (`analysis.nn.fused.build.products`:
float32 vectors or pairs of bfloat16, by processor) are other kernels: each has a comparison of its own, with the same
eager runs.

The rules were fixed before the runs. For each arm the mean difference fused - eager, paired by seed, is to lie within
1.5 points: less than a quarter of what a ReLU6 in the bottleneck costs here, and about what chance separates two runs
by. The mean over the arms, over the seeds that all have, is to lie within 0.75 points. Both are shown by two one-sided
tests at 5 %; as all must hold, none is corrected. What it does not show: other budgets, and sizes far from this one.

The first comparison (float32) took ten seeds of each arm, which was too few for networks without shortcuts: their
interval was wider than the margin. So the second (bfloat16) takes as many seeds of each arm as show equivalence with
probability 0.8 if there is no difference and the spread is the first comparison's, and no fewer than ten; none of its
fused runs had been made when this was fixed. An arm is judged once all of them have run.
"""

import json
from collections.abc import Mapping
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
from analysis.stats.power import seeds_for_equivalence
from analysis.tasks.recipes import AnyRecipe
from analysis.trials import Store
from experiments.answers.stored import stored_arms
from experiments.answers.study import NoRuns, conditions
from experiments.studies.headline import STUDY as HEADLINE
from experiments.study import Study

BACKENDS = ("fused", "eager")
PRODUCTS = ("float32", "bfloat16")
ARM_MARGIN = 1.5
ARM_RULE = Rule("=", margin=ARM_MARGIN)
MEAN_RULE = Rule("=", margin=0.75)
FEWEST = 10
# Standard deviations over ten seeds of fused - eager in the first comparison: its intervals' widths, in points.
SPREAD = {"linear": 0.713, "relu6": 1.829, "expansion shortcut": 1.082, "no shortcut": 2.887}

STUDY = Study(
    name="backends",
    question="Do the fused kernels train as torch's operators do?",
    source="a question about this suite, not about the paper",
    arms=HEADLINE.arms,
    seeds=range(FEWEST),
)

Accuracies = Mapping[str, Mapping[str, Runs]]
"""Arm -> backend -> accuracy by seed."""


def seeds(arm: str, products: str) -> range:
    """The seeds of an arm in the comparison of the kernels that multiply `products`."""
    if products == "float32":
        return range(FEWEST)
    return range(max(FEWEST, seeds_for_equivalence(ARM_MARGIN, SPREAD[arm]) or 0))


def store(backend: str, products: str, results: Path) -> Path:
    """Folder of the records of a backend; of the fused kernels, of those that multiply `products`."""
    return results / "backends" / (f"fused-{products}" if backend == "fused" else "trials")


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


def write_answer(products: str, dataset: str, recipe: AnyRecipe, results: Path) -> list[Path]:
    """Write table and verdicts of the kernels that multiply `products` below `results`, from the records stored there;
    return their paths.

    Raises:
        NoRuns: an arm has no runs.
        Problem: the folder cannot be written to.
    """
    runs: dict[str, dict[str, Runs]] = {name: {} for name in STUDY.arms}
    planned = {name: seeds(name, products) for name in STUDY.arms}
    note = ""
    for backend in BACKENDS:
        records, _ = Store(store(backend, products, results)).records()
        arms, _ = stored_arms(STUDY, recipe, dataset, records, max(planned.values(), key=len))
        note = next(record.note for record in records if record.trial.dataset == dataset)
        for arm in arms:
            runs[arm.name][backend] = {seed: score for seed, score in arm.runs.items() if seed in planned[arm.name]}
    if not all(by[backend] for by in runs.values() for backend in BACKENDS):
        raise NoRuns("not every arm has run with both backends yet: mnv2 backends")
    found, where = judgements(runs), conditions(dataset, note, recipe)
    kind = STUDY.name if products == "float32" else f"{STUDY.name}-{products}"
    lacking = {arm: len(planned[arm]) for arm, by in runs.items() if min(map(len, by.values())) < len(planned[arm])}
    judged = {} if lacking else {"mean of the arms": found["mean of the arms"]}
    judged = {**{name: found[name] for name in runs if name not in lacking}, **judged}
    rows = [verdict(f"{kind}-{arm.replace(' ', '-')}", where, each).row() for arm, each in judged.items()]
    text, stem = json.dumps(rows, indent=1) + "\n", f"{kind}-{dataset}-{recipe.name}"
    paths = table(products, where, runs, found, lacking).write(results / "tables" / stem)
    return [*paths, write_whole(results / "verdicts" / f"{stem}.json", text.encode())]


def table(
    products: str, where: str, runs: Accuracies, found: Mapping[str, Judgement], lacking: Mapping[str, int]
) -> Table:
    """A row an arm: accuracies with both backends, their difference, whether it is shown to be small.

    `lacking`: arms that have not run with all their seeds, and how many they are to have.
    """
    columns = ("arm", "n", "fused %", "sd", "eager %", "sd", "fused - eager", "from", "to", "margin", "p", "finding")
    rows = []
    for name, judgement in found.items():
        accuracies = []
        for backend in BACKENDS:
            e = mean_interval(finished(runs[name][backend]).values()) if name in runs else None
            accuracies += [e.mean, e.sd] if e else [None, None]
        d, margin = judgement.difference, judgement.rule.margin
        small = equivalence(d, margin)
        early = lacking if name not in runs else name in lacking
        finding = "not judged yet" if early else judgement.finding
        rows.append((name, d.n, *accuracies, d.mean, small.low, small.high, margin, small.p, finding))
    notes = (
        f"{where}. Command: `mnv2 backends`. Differences in points, paired by seed, with the 90 % t interval that two "
        "one-sided tests at 5 % look at; `p` is theirs. A difference within its margin counts as none.",
        *(f"Runs planned of {name}: {count}." for name, count in lacking.items()),
    )
    title = STUDY.question if products == "float32" else f"{STUDY.question} Those that multiply {products}"
    return Table(title, columns, rows, notes)
