"""A study's answer from its records: table, figure, verdicts, written below results/."""

import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from textwrap import fill

from analysis.files import write_whole
from analysis.problem import Problem
from analysis.render.arms import Arm, arms_figure, arms_table
from analysis.render.curves import curves_figure
from analysis.render.style import style, write_figure
from analysis.stats import Difference, Judgement, Verdict, all_of, contrast, judge_together, paired_difference, verdict
from analysis.tasks.recipes import AnyRecipe
from analysis.trials import Record, Trial
from experiments.answers.conditions import Conditions
from experiments.claims.ablations import CLAIMS, Claim
from experiments.study import Study, read_as


class NoRuns(Problem):
    """There are no runs to compare yet."""


def trials_of(study: Study, recipe: AnyRecipe, dataset: str, digest: str, seeds: Sequence[int]) -> list[Trial]:
    """The trials that answer a study: every arm with every seed, seed by seed."""
    return [
        Trial(variant.text, recipe.text, dataset, digest, seed) for seed in seeds for variant in study.arms.values()
    ]


def collect(study: Study, trials: Iterable[Trial], records: Iterable[Record]) -> tuple[list[Arm], str]:
    """The arms of a study with the scores that `records` hold for `trials`, failed ones left out; and what must be
    said of these runs: the copy of the data set, what ran the training steps.
    """
    wanted = set(trials)
    used = [record for record in records if record.trial in wanted and record.status != "failed"]
    runs: dict[str, dict[int, Record]] = {variant.text: {} for variant in study.arms.values()}
    for record in used:
        runs[record.trial.variant][record.trial.seed] = record
    backends = sorted({_backend(record) for record in used})
    notes = [*{record.note: None for record in used if record.note}, f"backend {' and '.join(backends)}"]
    if len(backends) > 1:
        notes[-1] += ", MIXED: see mnv2 backends"
    arms = []
    for name, variant in study.arms.items():
        mine = runs[variant.text]
        if not study.readings:
            arms.append(Arm(name, variant, {seed: record.score for seed, record in mine.items()}))
        for reading, at in study.readings.items():
            scores = {seed: record.readings.get(reading) for seed, record in mine.items()}
            arms.append(Arm(read_as(name, reading), variant, scores, at))
    return arms, "; ".join(notes)


def _backend(record: Record) -> str:
    """What ran the training steps; fused kernels multiply bfloat16 where the processor does."""
    backend, products = record.provenance.get("backend", "eager"), record.provenance.get("products", "float32")
    return f"{backend} with {products} products" if products != "float32" else backend


def conditions(dataset: str, note: str, recipe: AnyRecipe) -> str:
    """Where a result holds, in words: data set, its note, budget."""
    return Conditions(dataset, tuple(note.split("; ")), recipe).text


def judged(study: Study, arms: Sequence[Arm]) -> list[tuple[Claim, list[Judgement]]]:
    """The claims that these arms of the study decide, each with the judgements of its parts, all judged together.

    An arm decides nothing until it has run with every seed: judging half a study would be peeking. Claims that still
    wait for an arm count in the correction for many comparisons.
    """
    runs = {arm.name: arm.runs for arm in arms if len(arm.runs) == len(study.seeds)}
    asked = [claim for claim in CLAIMS if claim.study == study.name]
    claims = [claim for claim in asked if all(set(part.weights) <= set(runs) for part in claim.parts)]
    waiting = sum(len(claim.parts) for claim in asked if claim not in claims)
    cases = [
        (part.rule, contrast([runs[arm] for arm in part.weights], list(part.weights.values()), title=part.title))
        for claim in claims
        for part in claim.parts
    ]
    judgements = iter(judge_together(cases, waiting))
    return [(claim, [next(judgements) for _ in claim.parts]) for claim in claims]


def sentence(v: Verdict) -> str:
    """A verdict in words: on the direction, on the claimed size, and what decided."""
    size = f"; its size {v.size}" if v.size else ""
    return f"{v.verdict}{size}. {v.why}" + (f"; {v.needs}" if v.needs else "")


def interval(d: Difference) -> str:
    """A difference in words: +1.2 [+0.3, +2.1], n = 5."""
    return f"{d.mean:+.2f} [{d.low:+.2f}, {d.high:+.2f}], n = {d.n}"


def remarks(study: Study, arms: Sequence[Arm], parts: list[tuple[Claim, list[Judgement]]], where: str) -> list[str]:
    """What stands below a study's table: what is missing, its claims part by part, further differences."""
    runs = {arm.name: arm.runs for arm in arms}
    lines = []
    if missing := [name for name in study.names if name not in runs]:
        lines.append(f"NOT RUN YET: {'; '.join(missing)}. Claims that need them are not judged.")
    planned = len(study.seeds)
    if short := [f"{name} ({len(each)})" for name, each in runs.items() if len(each) < planned]:
        lines.append(f"FEWER THAN {planned} RUNS YET: {'; '.join(short)}. Claims that need them are not judged.")
    for claim, judgements in parts:
        lines.append(f"Claim `{claim.id}`: {sentence(verdict(claim.id, where, all_of(judgements)))}.")
        lines += [f"- {interval(j.difference)}: {j.finding}. {j.reason}; rule: {j.rule.sentence}" for j in judgements]
    differences = [paired_difference(runs[a], runs[b], (a, b)) for a, b in study.beside if {a, b} <= set(runs)]
    return lines + [f"- Beside: {d.label}: {interval(d)}, p = {d.p:.2g}" for d in differences]


def write_answer(
    study: Study, arms: Sequence[Arm], recipe: AnyRecipe, dataset: str, note: str, results: Path, suffix: str = ""
) -> tuple[list[Path], list[Verdict]]:
    """Write tables/, figures/ and verdicts/ of a study below `results`; return the paths and the verdicts.

    Arms without runs are left out and named. `suffix` tells apart answers from other seeds.

    Raises:
        NoRuns: the baseline has no run, or no other arm has.
        Problem: the folder cannot be written to.
    """
    baseline, arms = arms[0], [arm for arm in arms if arm.runs]
    if len(arms) < 2 or arms[0] is not baseline:
        raise NoRuns(f"study {study.name} has no two arms to compare yet: {study.command}")
    stem, where = f"{study.name}-{dataset}-{recipe.name}{suffix}", conditions(dataset, note, recipe)
    parts = judged(study, arms)
    verdicts = [verdict(claim.id, f"study {study.name}: {where}", all_of(each)) for claim, each in parts]
    elsewhere = f" --dataset {dataset}" if dataset != study.dataset else ""
    notes = [f"{where}; {study.source}. Command: `{study.command} --recipe {recipe.name}{elsewhere}`."]
    notes += remarks(study, arms, parts, where)
    paths = arms_table(study.question, arms, notes, front=study.x == "madds", metric=recipe.metric).write(
        results / "tables" / stem
    )
    runs = {len(arm.runs) for arm in arms}
    count = f"{min(runs)}" if len(runs) == 1 else f"{min(runs)} to {max(runs)}"
    named = {arm.name: arm for arm in arms}
    lines = {line: [named[name] for name in names if name in named] for line, names in study.lines.items()}
    columns = (2.0 if study.published else 1.4) if lines else max(1.0, len(arms) / 4)
    width = int(50 * columns)  # characters that fit above the axes
    title = f"{fill(study.question, width)}\n{fill(where, width)}\nn = {count}, mean and 95 % t interval"
    with style("paper", columns=columns, aspect=(0.5 if study.published else 0.65) if lines else 0.85 / columns):
        if lines:
            drawn = {line: each for line, each in lines.items() if each}
            figure = curves_figure(drawn, study.x, title, recipe.metric, study.published, study.published_by)
        else:
            figure = arms_figure(arms, title, recipe.metric)
        paths += write_figure(figure, results / "figures" / stem)
    rows = json.dumps([v.row() for v in verdicts], indent=1) + "\n"
    return [*paths, write_whole(results / "verdicts" / f"{stem}.json", rows.encode())], verdicts
