"""Studies with planted truths: accuracies of arms whose means, spreads and distributions are known."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from analysis.stats import Rule
from analysis.stats.boundaries import Design
from analysis.stats.moderated import Arms, Spread, contrasts
from analysis.stats.sequential import ABOVE, BELOW, SMALL, play, summaries

Array = NDArray[Any]

NOISES = ("normal", "heavy tails (t3)", "skewed (exponential)")
UNEQUAL = (1.0, 1.0, 0.8, 2.5)
"""Spreads of the four arms of the headline, relative: about those of fifteen stored runs of each."""


def noise(kind: str, shape: tuple[int, ...], generator: np.random.Generator) -> Array:
    """Draws of mean 0 and variance 1, an array of `shape`. `kind` is one of NOISES."""
    if kind == "normal":
        return generator.standard_normal(shape)
    if kind == "heavy tails (t3)":
        return generator.standard_t(3, shape) / np.sqrt(3)
    return generator.standard_exponential(shape) - 1


def wrong(shown: Array, rules: Sequence[Rule], truth: Array) -> Array:
    """Which findings (studies, parts) are false of the true differences (parts,).

    Of an effect on the claimed side that is smaller than what counts as none, neither finding is.
    """
    columns = []
    for j, rule in enumerate(rules):
        at, found = rule.sign * truth[j], shown[:, j]
        if rule.direction == "=":
            inside = abs(truth[j]) < rule.margin
            columns.append(((found == ABOVE) | (found == BELOW)) if inside else found == SMALL)
            continue
        for_it, against = found == rule.sign, (found == SMALL) | (found == -rule.sign)
        limit = rule.sign * rule.margin
        least = limit if rule.negligible is None else rule.negligible
        columns.append((for_it & (at <= limit)) | (against & (at >= least) & (at != limit)))
    return np.stack(columns, axis=1)


def claimed(shown: Array, rules: Sequence[Rule]) -> Array:
    """Findings (studies, parts) as 1 for supported, -1 for contradicted, 0 for undecided."""
    columns = []
    for j, rule in enumerate(rules):
        found = shown[:, j]
        for_it = found == (rule.sign or SMALL)
        columns.append(np.where(for_it, 1, np.where(found == 0, 0, -1)))
    return np.stack(columns, axis=1)


def line(
    design: Design,
    parts: Sequence[tuple[Array, Rule]],
    values: Array,
    means: Array,
    spread: Spread = "moderated",
) -> dict[str, float]:
    """How a design does on `values` (studies, arms, runs) whose arms have true `means` (arms,).

    Shares in percent: `wrong` (any part's finding false), `coverage` (least of a part's interval at the stop),
    `throughout` (least of a part's interval at all looks, had none stopped), `right` (all parts supported), `against`
    (any contradicted). `trials` and `seeds` (of the arm with most): `mean` and median.
    """
    seen = summaries(values, design.looks)
    played = play(design, parts, seen, spread)
    rules = [rule for _, rule in parts]
    truth = np.array([weights @ means for weights, _ in parts])
    found = claimed(played.shown, rules)
    covered = (played.low <= truth) & (truth <= played.high)
    trials, seeds = played.runs.sum(1), played.runs.max(1)
    return {
        "wrong": 100 * float(wrong(played.shown, rules, truth).any(1).mean()),
        "coverage": 100 * float(covered.mean(0).min()),
        "throughout": 100 * float(_throughout(design, parts, seen, truth, spread).mean(0).min()),
        "right": 100 * float((found == 1).all(1).mean()),
        "against": 100 * float((found == -1).any(1).mean()),
        "trials": float(trials.mean()),
        "median trials": float(np.median(trials)),
        "seeds": float(seeds.mean()),
        "median seeds": float(np.median(seeds)),
    }


def _throughout(design: Design, parts: Sequence[tuple[Array, Rule]], seen: Arms, truth: Array, spread: Spread) -> Array:
    """Whether each part's interval at 1 - alpha holds at all looks together, (studies, parts)."""
    weights, held = np.array([each for each, _ in parts]), np.ones((len(seen.means), len(parts)), bool)
    for k, n in enumerate(design.looks):
        found = contrasts(Arms(*(each[..., k] for each in seen)), weights, spread)
        information = np.broadcast_to(n / (weights**2).sum(1), found.effects.shape)
        reach = design.critical(k, design.alpha, found.degrees, information) * found.errors
        held &= np.abs(found.effects - truth) <= reach
    return held


def arm_means(parts: Sequence[tuple[Mapping[str, float], float]], arms: Sequence[str]) -> Array:
    """Means (arms,) of accuracies under which each part, its weights and its true difference given, holds.

    Where the parts contradict each other, the nearest by least squares.
    """
    weights = np.array([[part.get(name, 0.0) for name in arms] for part, _ in parts])
    return np.linalg.lstsq(weights, np.array([truth for _, truth in parts]), rcond=None)[0]
