"""What the rules across budgets say under stated truths, by simulation with the code that judges them."""

import math
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

import numpy as np

from analysis.render.table import Table
from analysis.trials import Record, Store
from experiments.measurements.effects.budgets import (
    COSTS,
    FACTOR,
    LEAD,
    WITHIN,
    At,
    falls,
    foretold,
    predicted,
    same_size,
    slope,
)
from experiments.power.pilots import spread_at
from experiments.studies.registry import find_study

STEM = "power-budgets"

EPOCHS, LONGEST = (1, 3, 10, 30), 100
COST = next(iter(COSTS))
SLOPES: Mapping[str, tuple[str, Callable[[int], float]]] = {
    "no change, 2 points": (COST, lambda _: 2.0),
    "6 points falling as epochs^-0.3": (COST, lambda epochs: 6 * epochs**-0.3),
    "3 points falling as epochs^-0.3": (COST, lambda epochs: 3 * epochs**-0.3),
    "t = 1: -5 points rising by 4 a decade": (LEAD, lambda epochs: -5 + 4 * math.log10(epochs)),
}
"""Truths by name: the effect that stands for them, and points after so many epochs."""

OFF: Mapping[str, float] = {"as predicted": 0.0, "2 points off": 2.0, "3 points off": 3.0}
RATIOS = (0.5, 1.0, 2.0, 3.0)
EFFECT = 4.0
"""Points in budget-30 at which the rule on sizes is tested."""


def budgets_table(records: Iterable[Record], studies: int = 4000) -> Table:
    """How often each finding comes, a row for each rule and truth."""
    errors = _errors(list(records))
    generator = np.random.default_rng(2018)
    rows: list[tuple[object, ...]] = []
    for truth, (name, curve) in SLOPES.items():
        drawn = [[_drawn(curve(e), e, errors[e], generator) for e in EPOCHS] for _ in range(studies)]
        words = [falls(name, slope(each)) for each in drawn]
        right = "supported" if curve(EPOCHS[0]) != curve(EPOCHS[-1]) else ""
        rows.append(("slope", truth, *_shares(words, right)))
        forecasts = [predicted(name, each, LONGEST) for each in drawn]
        for off, points in OFF.items():
            true = curve(LONGEST) + points
            found = [foretold(each, _drawn(true, LONGEST, errors[LONGEST], generator)) for each in forecasts]
            right = "" if points == WITHIN else "contradicted" if points else "supported"
            rows.append((f"prediction for {LONGEST} epochs", f"{truth}, {off}", *_shares(found, right)))
    for ratio in RATIOS:
        pairs = [
            (_drawn(EFFECT * ratio, 30, errors["cifar-preset"], generator), _drawn(EFFECT, 30, errors[30], generator))
            for _ in range(studies)
        ]
        words = [same_size(*pair) for pair in pairs]
        right = "" if ratio in (1 / FACTOR, FACTOR) else "supported" if 1 / FACTOR < ratio < FACTOR else "contradicted"
        rows.append(("same size", f"{EFFECT:g} points, ratio {ratio:g}", *_shares(words, right)))
    columns = ("rule", "truth", "supported %", "contradicted %", "undecided %", "wrong %")
    spread = ", ".join(f"{errors[e]:.2f} at {e}" for e in (*EPOCHS, LONGEST))
    notes = (
        f"{studies:,} simulated studies a line. Standard errors of an effect in points by epochs: {spread}, and "
        f"{errors['cifar-preset']:.2f} in cifar-preset, from the spread of stored arms (as in power-looks) and the "
        "most seeds of each study. Wrong: the finding on the other side of the truth. At a ratio of 0.5 or 2, at no "
        "change and 2 points off a prediction, that is supported.",
    )
    return Table("What the rules across budgets say under stated truths", columns, rows, notes, digits=1)


def write(results: Path, studies: int = 4000) -> list[Path]:
    """Write tables/power-budgets.* below `results`. Nothing without stored runs, whose spread is needed."""
    records, _ = Store(results / "trials").records()
    if math.isnan(spread_at(records, 1)):
        return []
    return budgets_table(records, studies).write(results / "tables" / STEM)


def _errors(records: list[Record]) -> dict[int | str, float]:
    """Standard error of a difference of two arms with the most seeds of the study, by epochs, and of cifar-preset."""
    found: dict[int | str, float] = {}
    for key, name in (*((e, f"budget-{e}") for e in (*EPOCHS, LONGEST)), ("cifar-preset", "cifar-preset")):
        study = find_study(name)
        found[key] = spread_at(records, study.training().epochs) * math.sqrt(2 / len(study.seeds))
    return found


def _drawn(effect: float, epochs: int, error: float, generator: np.random.Generator) -> At:
    return At(epochs, effect + error * float(generator.standard_normal()), error)


def _shares(words: list[str], right: str) -> tuple[float, ...]:
    """Percent supported, contradicted, undecided, wrong. `right` is "" where only supported is wrong."""
    shares = {word: 100 * words.count(word) / len(words) for word in ("supported", "contradicted", "undecided")}
    wrong = shares["supported"] if not right else shares["contradicted" if right == "supported" else "supported"]
    return (*shares.values(), wrong)
