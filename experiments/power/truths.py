"""Truths under which rules are tested: no effect, the effect of interest, the published one, and some of their own."""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from numpy.typing import NDArray

from analysis.reference import table
from analysis.stats import Rule
from experiments.power.simulated import arm_means

NONE, INTEREST, PUBLISHED = "no effect", "effect of interest", "published (Figure 6, end)"

LAST = 1.0
"""Millions of steps at the end of the curves over which a gap of Figure 6 is averaged: one bin varies by 0.1 points."""

OWN: Mapping[str, Mapping[str, Mapping[str, float]]] = {
    "expansion-ratio": {"all curves identical": {}},
    "low-precision": {
        "ReLU loses 0, 0.5, 5 points more at 8, 6, 4 bits": {"ReLU, 6 bits": -0.5, "ReLU, 4 bits": -5.0},
    },
    "last-layer-width": {
        "2 points at each width": {f"{width} full": 2.0 for width in ("0.35", "0.5", "0.75")},
    },
    "capacity-expressiveness": {
        "expansion and width worth 2.2 points everywhere": {
            f"t = {t}, width {width}": 2.2 * (t == 6) + 2.2 * i
            for t in (1, 6)
            for i, width in enumerate(("0.5", "1", "1.5"))
        },
    },
}
"""Study -> truth in words -> arms whose mean is not 0."""


@cache
def figure6() -> Mapping[str, float]:
    """Gaps in points at the end of Figure 6's curves.

    By name: "linear - relu6", "bottleneck - expansion", "bottleneck - none".
    """
    curves: dict[str, dict[float, float]] = {}
    for row in table("figure6_curves"):
        curves.setdefault(row["curve"], {})[float(row["step_millions"])] = float(row["top1_pct"])

    def gap(a: str, b: str) -> float:
        common = sorted(set(curves[a]) & set(curves[b]))
        late = [step for step in common if step > common[-1] - LAST]
        return sum(curves[a][step] - curves[b][step] for step in late) / len(late)

    return {
        "linear - relu6": gap("linear_bottleneck", "relu6_in_bottleneck"),
        "bottleneck - expansion": gap("shortcut_between_bottlenecks", "shortcut_between_expansions"),
        "bottleneck - none": gap("shortcut_between_bottlenecks", "no_residual"),
    }


def published(claim: str, title: str) -> float | None:
    """The published true difference of a part of a claim, or None where none is published."""
    gaps = figure6()
    if claim == "linear-bottleneck":
        return gaps["linear - relu6"]
    if claim == "shortcut-placement":
        first = title.startswith(("linear - ", "bottleneck"))
        return gaps["bottleneck - expansion"] if first else gaps["bottleneck - none"] - gaps["bottleneck - expansion"]
    return None


def of_rule(rule: Rule, truth: str) -> float:
    """The true difference that a part has without an effect, or with that of interest."""
    if rule.direction == "=":
        return rule.margin if truth == NONE else 0.0
    return 0.0 if truth == NONE else rule.effect_of_interest or 0.0


def means(
    truth: str, study: str, parts: Sequence[tuple[str, str, Mapping[str, float], Rule]], arms: Sequence[str]
) -> "NDArray[Any] | None":
    """Means (arms,) under a truth, for `parts` (claim, title, weights, rule). None where the truth has no numbers.

    With PUBLISHED, a part of which nothing is published has no effect.
    """
    import numpy as np

    if truth in OWN.get(study, {}):
        return np.array([OWN[study][truth].get(name, 0.0) for name in arms])
    if truth == PUBLISHED:
        found = [published(claim, title) for claim, title, _, _ in parts]
        if all(value is None for value in found):
            return None
        return arm_means(
            [(weights, value or 0.0) for (_, _, weights, _), value in zip(parts, found, strict=True)], arms
        )
    return arm_means([(weights, of_rule(rule, truth)) for _, _, weights, rule in parts], arms)
