"""A study's answer from its records: table, figure, verdicts, written below results/."""

import json
from collections.abc import Iterable, Sequence
from pathlib import Path

from analysis.files import write_whole
from analysis.problem import Problem
from analysis.render.arms import Arm, arms_figure, arms_table
from analysis.render.style import style, write_figure
from analysis.stats import Verdict, judge_together, paired_difference, verdict
from analysis.training.recipe import Recipe
from analysis.trials import Record, Trial
from experiments.claims import CLAIMS
from experiments.study import Study

NAMES = {"cifar10": "CIFAR-10", "cifar100": "CIFAR-100", "synthetic": "SYNTHETIC images"}


def trials_of(study: Study, recipe: Recipe, dataset: str, digest: str, seeds: Sequence[int]) -> list[Trial]:
    """The trials that answer a study: every arm with every seed, seed by seed."""
    return [
        Trial(variant.text, recipe.text, dataset, digest, seed) for seed in seeds for variant in study.arms.values()
    ]


def collect(study: Study, trials: Iterable[Trial], records: Iterable[Record]) -> list[Arm]:
    """The arms of a study with the accuracies that `records` hold for `trials`; failed ones are left out."""
    wanted = set(trials)
    runs: dict[str, dict[int, float | None]] = {variant.text: {} for variant in study.arms.values()}
    for record in records:
        if record.trial in wanted and record.status != "failed":
            runs[record.trial.variant][record.trial.seed] = record.accuracy
    return [Arm(name, variant, runs[variant.text]) for name, variant in study.arms.items()]


def conditions(dataset: str, note: str, recipe: Recipe) -> str:
    """Where a result holds, in words: data set, its note, budget."""
    data = NAMES.get(dataset, dataset) + (f" ({note})" if note and note not in NAMES[dataset] else "")
    epochs = f"{recipe.epochs} epoch" + ("s" if recipe.epochs > 1 else "")
    return f"{data}, recipe {recipe.name} ({epochs}, batch {recipe.batch})"


def verdicts(study: Study, arms: Sequence[Arm], where: str) -> list[Verdict]:
    """The verdict on each claim that the study decides, judged together."""
    claims = [claim for claim in CLAIMS if claim.study == study.name]
    runs = {arm.name: arm.runs for arm in arms}
    differences = [paired_difference(runs[c.better], runs[c.worse], (c.better, c.worse)) for c in claims]
    judgements = judge_together([(c.rule, d) for c, d in zip(claims, differences, strict=True)])
    return [verdict(c.id, where, judgement) for c, judgement in zip(claims, judgements, strict=True)]


def sentence(v: Verdict) -> str:
    """A verdict in words: on the direction, on the claimed size, and what decided."""
    size = f"; its size {v.size}" if v.size else ""
    return f"{v.verdict}{size}. {v.why}" + (f"; {v.needs}" if v.needs else "")


def write_answer(
    study: Study, arms: Sequence[Arm], recipe: Recipe, dataset: str, note: str, results: Path
) -> tuple[list[Path], list[Verdict]]:
    """Write tables/, figures/ and verdicts/ of a study below `results`; return the paths and the verdicts.

    Raises:
        Problem: an arm has no run yet, or the folder cannot be written to.
    """
    if empty := [arm.name for arm in arms if not arm.runs]:
        raise Problem(f"study {study.name} has no runs of {', '.join(empty)} yet: mnv2 study run {study.name}")
    stem, where = f"{study.name}-{dataset}-{recipe.name}", conditions(dataset, note, recipe)
    found = verdicts(study, arms, where)
    notes = [
        f"{where}; {study.source}. Command: `mnv2 study run {study.name} --recipe {recipe.name}`.",
        *(f"Claim `{v.claim}`: {sentence(v)}." for v in found),
    ]
    paths = arms_table(study.question, arms, notes).write(results / "tables" / stem)
    runs = {len(arm.runs) for arm in arms}
    count = f"{min(runs)}" if len(runs) == 1 else f"{min(runs)} to {max(runs)}"
    with style("paper", aspect=0.85):
        figure = arms_figure(arms, f"{study.question}\n{where}\nn = {count}, mean and 95 % t interval")
        paths += write_figure(figure, results / "figures" / stem)
    rows = json.dumps([v.row() for v in found], indent=1) + "\n"
    return [*paths, write_whole(results / "verdicts" / f"{stem}.json", rows.encode())], found
