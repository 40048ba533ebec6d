"""Stored runs as pilots: what the arms of a study vary by, and what pairing them would buy."""

import math
from collections import Counter
from collections.abc import Iterable, Mapping

import numpy as np

from analysis.render.table import Table
from analysis.stats import Runs
from analysis.stats.moderated import MOST_PRIOR
from analysis.stats.pairing import pairing
from analysis.tasks.classification.recipe import Recipe
from analysis.tasks.recipes import parse_recipe
from analysis.trials import Record
from experiments.study import Study, read_as


def runs_of(study: Study, records: Iterable[Record], recipe: str | None = None, digest: str = "") -> dict[str, Runs]:
    """Arm -> accuracy by seed, of the study's runs with its own recipe or `recipe`. Readings are arms of their own.

    Of several copies of the data set the one with most runs, or the one of `digest`.
    """
    text = study.training(recipe).text
    variants = {variant.text: name for name, variant in study.arms.items()}
    mine = [
        record
        for record in records
        if record.trial.variant in variants
        and (record.trial.recipe, record.trial.dataset) == (text, study.dataset)
        and record.status != "failed"
    ]
    copies = Counter(record.trial.digest for record in mine)
    chosen = digest or max(copies, key=copies.__getitem__, default="")
    arms: dict[str, dict[int, float | None]] = {name: {} for name in study.names}
    for record in mine:
        if record.trial.digest != chosen:
            continue
        name, seed = variants[record.trial.variant], record.trial.seed
        if not study.readings:
            arms[name][seed] = record.score
        for reading in study.readings:
            arms[read_as(name, reading)][seed] = record.readings.get(reading)
    return dict(arms)


def spread(arms: Mapping[str, Runs]) -> float:
    """Pooled standard deviation within arms, in points. NaN where no arm has two finished runs."""
    finished = [[value for value in runs.values() if value is not None] for runs in arms.values()]
    known = [np.array(values) for values in finished if len(values) > 1]
    if not known:
        return math.nan
    return math.sqrt(sum(((x - x.mean()) ** 2).sum() for x in known) / sum(len(x) - 1 for x in known))


def pairing_table(records: Iterable[Record], seeds: Iterable[int] = range(5), least: int = 4) -> Table:
    """What pairing by seed buys: a row for each data set and recipe with `least` or more arms that ran all `seeds`."""
    groups: dict[tuple[str, str, str], dict[str, dict[int, float | None]]] = {}
    for record in records:
        trial = record.trial
        if record.status != "failed":
            group = groups.setdefault((trial.dataset, trial.recipe, trial.digest), {})
            group.setdefault(trial.variant, {})[trial.seed] = record.score
    wanted, rows = list(seeds), []
    for (dataset, recipe, _), arms in groups.items():
        whole = [arm for arm in arms.values() if all(arm.get(seed) is not None for seed in wanted)]
        if len(whole) < least:
            continue
        found = pairing([{seed: arm[seed] for seed in wanted} for arm in whole])
        made = parse_recipe(recipe)
        widths = [found.half_widths[kind] for kind in ("paired", "welch", "moderated")]
        shares = (found.correlation, 100 * found.seed_share)
        rows.append(
            (dataset, made.name, made.epochs, found.arms, found.pairs, *shares, *widths, found.spread, found.d0)
        )
    columns = (
        "data set", "recipe", "epochs", "arms", "pairs", "correlation", "seed explains %",
        "half width, paired", "Welch", "moderated", "sd", "prior d0",
    )  # fmt: skip
    notes = (
        f"Stored trials, seeds {wanted[0]} to {wanted[-1]}. Correlation: mean over pairs of arms of Pearson's over "
        "seeds. Half widths in points: of the 95 % interval of an arm minus the first, mean over arms. Prior d0: "
        f"degrees of freedom that the arms' spreads would lend each other, infinite where empty. An analysis uses at "
        f"most {MOST_PRIOR:g}.",
    )
    return Table("What pairing by seed buys", columns, rows, notes)


def spread_at(records: Iterable[Record], epochs: int, least: int = 3) -> float:
    """Standard deviation within arms in points, of classifiers on CIFAR-10 after so many epochs.

    Pooled over the stored arms with two runs or more at each number of epochs that has `least` such arms. Between and
    beyond these numbers it follows a power of the epochs: the straight line through the logarithms. NaN without runs.
    """
    budgets: dict[int, dict[str, dict[int, float | None]]] = {}
    for record in records:
        recipe = parse_recipe(record.trial.recipe)
        if recipe.kind == Recipe.kind and record.trial.dataset == "cifar10" and record.status == "finished":
            arm = f"{record.trial.variant} {record.trial.recipe} {record.trial.digest}"
            budgets.setdefault(recipe.epochs, {}).setdefault(arm, {})[record.trial.seed] = record.score
    several = {e: {k: runs for k, runs in arms.items() if len(runs) > 1} for e, arms in budgets.items()}
    known = {e: spread(arms) for e, arms in several.items() if len(arms) >= least}
    if not known:
        return math.nan
    if epochs in known or len(known) == 1:
        return known.get(epochs, next(iter(known.values())))
    slope, offset = np.polyfit(np.log(list(known)), np.log(list(known.values())), 1)
    return float(math.exp(offset + slope * math.log(epochs)))
