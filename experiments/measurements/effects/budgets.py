"""How the effects of the studies budget-N change with the epochs: rules across budgets.

They were fixed before the first run of these studies, with the table power-budgets of what they say under stated truths
(`experiments.power.budgets`). An effect at one budget is a difference of arms with moderated variances, from all runs
of the study. The effects of one kind of rule share 5 % (Bonferroni).

- Slope: the least-squares line of an effect on log10 of the epochs, weighted by the effects' errors. What a ReLU6,
  shortcuts between expansions, and no shortcuts cost shrinks: the slope is below 0. The difference linear - t = 1 at
  equal multiply-adds, which is negative at one epoch, grows: the slope is above 0.
- Prediction: from 1 to 30 epochs to the longest budget. A cost follows a power of the epochs, the difference to t = 1
  the line. It is supported where the measured effect is shown to lie within two points of the prediction (two one-sided
  tests), else contradicted where the two are shown to differ.
- Same size: each cost in the network of the study cifar-preset lies between half and twice that in budget-30. It is
  supported where both limits are shown to be met, contradicted where one is shown not to be, each limit at 5 %.
"""

import math
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
from scipy.optimize import curve_fit
from scipy.special import ndtri

from analysis.stats import Runs
from analysis.stats.moderated import difference
from analysis.stats.rules import Finding

ALPHA = 0.05
WITHIN = 2.0
"""Points by which a prediction may be off."""

FACTOR = 2.0
"""Two effects are of the same size where neither is more than so many times the other."""

COSTS: Mapping[str, str] = {
    "linear - relu6": "relu6",
    "linear - expansion shortcut": "expansion shortcut",
    "linear - no shortcut": "no shortcut",
}
LEAD = "linear - t = 1, cost of width 1"
EFFECTS: Mapping[str, str] = {**COSTS, LEAD: "t = 1, cost of width 1"}
"""Effect -> the arm whose score is taken from that of the arm "linear"."""


class At(NamedTuple):
    """An effect in points after so many epochs, with its standard error."""

    epochs: int
    effect: float
    error: float


class Estimated(NamedTuple):
    """An estimate with its standard error and the interval that a rule reads."""

    value: float
    error: float
    low: float
    high: float


def effects_at(epochs: int, arms: Mapping[str, Runs]) -> dict[str, At]:
    """The effects whose arms have two finished runs each, by name. `arms`: the runs of one study, by arm."""
    found = {}
    for name, other in EFFECTS.items():
        if all(sum(score is not None for score in arms.get(arm, {}).values()) > 1 for arm in ("linear", other)):
            made = difference(arms, {"linear": 1.0, other: -1.0})
            # The error that makes the normal interval as wide as the t interval.
            found[name] = At(epochs, made.mean, (made.high - made.low) / 2 / _normal(ALPHA))
    return found


def slope(effects: Sequence[At], many: int = len(EFFECTS)) -> Estimated:
    """Points by which an effect changes from one number of epochs to ten times as many. `many` slopes share 5 %."""
    value, error = _line(effects)[1]
    reach = _normal(ALPHA / many) * error
    return Estimated(value, error, value - reach, value + reach)


def falls(name: str, found: Estimated) -> Finding:
    """The finding on a slope: a cost shrinks, the difference to t = 1 grows."""
    sign = 1 if name == LEAD else -1
    low, high = sorted((sign * found.low, sign * found.high))
    return "supported" if low > 0 else "contradicted" if high < 0 else "undecided"


def predicted(name: str, effects: Sequence[At], epochs: int, many: int = len(EFFECTS)) -> Estimated:
    """The effect after `epochs`, from `effects` at fewer: by a power law, or by a line in the logarithm for `LEAD`."""
    if name == LEAD:
        (start, _), (rise, _) = _line(effects)
        value = start + rise * math.log10(epochs)
        x = np.log10([each.epochs for each in effects])
        weights = np.array([each.error**-2 for each in effects])
        centre = float((weights * x).sum() / weights.sum())
        spread = float((weights * (x - centre) ** 2).sum())
        error = math.sqrt(1 / float(weights.sum()) + (math.log10(epochs) - centre) ** 2 / spread)
    else:
        value, error = _power(effects, epochs)
    reach = _normal(ALPHA / many) * error
    return Estimated(value, error, value - reach, value + reach)


def foretold(forecast: Estimated, measured: At, many: int = len(EFFECTS)) -> Finding:
    """The finding on a prediction."""
    off, error = abs(measured.effect - forecast.value), math.hypot(forecast.error, measured.error)
    if off < WITHIN + float(ndtri(ALPHA / many)) * error:
        return "supported"
    return "contradicted" if off > _normal(ALPHA / many) * error else "undecided"


def same_size(here: At, there: At, many: int = len(COSTS)) -> Finding:
    """Whether two effects are within `FACTOR` of each other."""
    sides = [
        (here.effect - there.effect / FACTOR, math.hypot(here.error, there.error / FACTOR)),
        (FACTOR * there.effect - here.effect, math.hypot(FACTOR * there.error, here.error)),
    ]
    if all(value > -float(ndtri(ALPHA / many)) * error for value, error in sides):
        return "supported"
    return "contradicted" if any(value < -_normal(ALPHA / many) * error for value, error in sides) else "undecided"


def _normal(alpha: float) -> float:
    """Two-sided normal quantile."""
    return -float(ndtri(alpha / 2))


def _line(effects: Sequence[At]) -> tuple[tuple[float, float], tuple[float, float]]:
    """Weighted line of the effect on log10 of the epochs: value at one epoch and slope, each with its error."""
    x, y = np.log10([each.epochs for each in effects]), np.array([each.effect for each in effects])
    design = np.stack([np.ones_like(x), x], 1) / np.array([[each.error] for each in effects])
    covariance = np.linalg.inv(design.T @ design)
    found = covariance @ design.T @ (y / np.array([each.error for each in effects]))
    errors = np.sqrt(np.diag(covariance))
    return (float(found[0]), float(errors[0])), (float(found[1]), float(errors[1]))


def _power(effects: Sequence[At], epochs: int) -> tuple[float, float]:
    """The weighted least-squares a x epochs^b at `epochs`, with its standard error (delta method)."""
    x = np.array([each.epochs for each in effects], float)
    y, errors = (np.array([getattr(each, field) for each in effects]) for field in ("effect", "error"))

    def law(at, a, b):
        return a * at**b

    (a, b), covariance = curve_fit(law, x, y, (y[0], -0.3), errors, absolute_sigma=True, bounds=([-100, -3], [100, 1]))
    gradient = np.array([epochs**b, a * epochs**b * math.log(epochs)])
    return float(law(epochs, a, b)), math.sqrt(float(gradient @ covariance @ gradient))
