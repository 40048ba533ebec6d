"""Contrasts of arms whose seeds are not paired: Welch's variances, or variances moderated over the arms of a study.

Five seeds leave the spread of an arm uncertain by a factor of two, and the arms of one study have similar spreads.
Moderation takes each arm's variance as drawn from a scaled inverse chi-square distribution, estimates that
distribution from all arms of the study, and replaces the variance by its posterior mean (Smyth 2004, "Linear models
and empirical Bayes methods for assessing differential expression in microarray experiments", sections 3 and 6.2). The
prior is worth d0 further degrees of freedom. Where the arms differ in spread, d0 is small and little changes. Where
they do not, arms of few runs lean on each other, up to `MOST_PRIOR`.

Such intervals cover as promised on average over arms. The arm of the widest spread gets less, the others more.

All functions take arrays with any number of leading axes, so that a simulation judges thousands of studies at once
with the code that judges one.
"""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from analysis.problem import Problem
from analysis.stats.differences import Difference
from analysis.stats.intervals import between_0_and_1
from analysis.stats.samples import GRID, Runs, diverged, finished

if TYPE_CHECKING:
    from numpy.typing import NDArray

Spread = Literal["welch", "moderated"]

MOST_PRIOR = 4.0
"""The most degrees of freedom that a study's own arms may lend each other.

A handful of arms cannot show that their spreads are alike. The 108 arms stored at one epoch differ as a prior of 6.7
says, the six at ten epochs as one of 4.0, seven segmentation networks as one of 3.0 (`analysis.stats.pairing`).
"""


class Arms(NamedTuple):
    """What a contrast needs of the arms of a study: arrays (..., arms) of finished runs, their means and variances."""

    counts: "NDArray[Any]"
    means: "NDArray[Any]"
    variances: "NDArray[Any]"


class Contrasts(NamedTuple):
    """Weighted sums of means with their standard errors and degrees of freedom: arrays (..., parts)."""

    effects: "NDArray[Any]"
    errors: "NDArray[Any]"
    degrees: "NDArray[Any]"


def prior(
    variances: "NDArray[Any]", degrees: "NDArray[Any]", most: float = MOST_PRIOR
) -> "tuple[NDArray[Any], NDArray[Any], NDArray[Any]]":
    """Degrees of freedom d0 and location s0^2 of the prior of the variances (..., arms), and whether s0^2 is pooled.

    All of shape (...). By the moments of log s^2 (Smyth 2004, section 6.2). Where that gives more than `most`, as it
    does where the arms differ by no more than chance, d0 is `most` and s0^2 the pooled variance. Arms without degrees
    of freedom are left out. With fewer than two others d0 is 0.
    """
    import numpy as np
    from scipy.special import digamma, polygamma

    known = degrees > 0
    arms = known.sum(-1)
    half = np.where(known, degrees, 1.0) / 2
    e = np.where(known, np.log(np.where(known, variances, 1.0)) - digamma(half) + np.log(half), 0.0)
    centre = e.sum(-1) / np.maximum(arms, 1)
    squares = np.where(known, (e - centre[..., None]) ** 2, 0.0).sum(-1) / np.maximum(arms - 1, 1)
    excess = squares - np.where(known, polygamma(1, half), 0.0).sum(-1) / np.maximum(arms, 1)
    differ = excess > 0
    half0 = _inverse_trigamma(np.where(differ, excess, 1.0))
    pooled = np.where(known, degrees * variances, 0.0).sum(-1) / np.maximum(np.where(known, degrees, 0).sum(-1), 1)
    found = np.where(differ, 2 * half0, np.inf)
    own = found < most
    d0 = np.where(arms < 2, 0.0, np.minimum(found, most))
    return d0, np.where(own, np.exp(centre + digamma(half0) - np.log(half0)), pooled), ~own & (arms > 1)


def moderate(
    variances: "NDArray[Any]", degrees: "NDArray[Any]", most: float = MOST_PRIOR
) -> "tuple[NDArray[Any], NDArray[Any], NDArray[Any]]":
    """Moderated variances (d0 s0^2 + d s^2) / (d0 + d), their degrees of freedom, and how much of each is pooled.

    All of shape (..., arms). The degrees of freedom are d0 + d, at most those of the pooled variance. The last is
    d0 / (d0 + d) where s0^2 is the pooled variance, and 0 where it is a prior's.
    """
    import numpy as np

    d0, centre, pooled = prior(variances, degrees, most)
    d = np.where(degrees > 0, degrees, 0)
    with np.errstate(invalid="ignore"):
        weight = np.where(np.isinf(d0)[..., None], 1.0, d0[..., None] / np.maximum(d0[..., None] + d, 1e-300))
    mixed = weight * centre[..., None] + (1 - weight) * np.where(d > 0, variances, 0.0)
    return mixed, np.minimum(d0[..., None] + d, d.sum(-1, keepdims=True)), np.where(pooled[..., None], weight, 0.0)


def contrasts(arms: Arms, weights: "NDArray[Any]", spread: Spread = "moderated", grid: float = GRID) -> Contrasts:
    """The contrasts with `weights` (parts, arms) of the arms' means.

    The squared error is the sum of w^2 s^2 / n, its degrees of freedom are Satterthwaite's (1946), and with moderated
    variances at most those of the pooled variance, which all arms share. `grid`: no variance is taken to be below
    grid^2. A contrast none of whose arms has two runs that differ by more than the grid has an infinite error.
    """
    import numpy as np

    counts = np.asarray(arms.counts, float)
    degrees = np.maximum(counts - 1, 0)
    own = np.where(degrees > 0, np.maximum(arms.variances, grid**2), 1.0)
    variances, known, lent = moderate(own, degrees) if spread == "moderated" else (own, degrees, 0.0 * degrees)
    weights = np.asarray(weights, float)
    used = weights != 0  # (parts, arms)
    per_run = np.where(used, weights**2 / np.maximum(counts, 1e-300)[..., None, :], 0.0)
    shares = np.where(used, per_run * np.where(known > 0, variances, np.inf)[..., None, :], 0.0)
    varied = np.logical_and(degrees > 0, np.asarray(arms.variances) >= grid**2)
    squares = np.where((used & np.expand_dims(varied, -2)).any(-1), shares.sum(-1), np.inf)
    # Where arms lend each other the pooled variance, the squared error is a sum over the arms' own variances.
    all_degrees = np.maximum(degrees.sum(-1, keepdims=True), 1)[..., None, :]
    pooled = (per_run * lent[..., None, :]).sum(-1, keepdims=True) * degrees[..., None, :] / all_degrees
    mixed = (per_run * (1 - lent)[..., None, :] + pooled) * own[..., None, :]
    shared = np.asarray((lent > 0).any(-1))[..., None, None]
    terms, of = np.where(shared, mixed, shares), np.where(shared, degrees[..., None, :], known[..., None, :])
    below = np.where(terms > 0, terms**2 / np.maximum(of, 1e-300), 0.0).sum(-1)
    with np.errstate(invalid="ignore"):
        found = squares**2 / below
    found = np.where(np.isfinite(squares), np.minimum(found, all_degrees[..., 0]), 1.0)
    means = np.where(counts > 0, arms.means, 0.0)
    effects = np.where(used, weights * means[..., None, :], 0.0).sum(-1)
    return Contrasts(effects, np.sqrt(squares), found)


def summary(runs: Sequence[Runs]) -> Arms:
    """Counts, means and variances of the finished runs of some arms, arrays (arms,)."""
    import numpy as np

    values = [list(finished(arm).values()) for arm in runs]
    return Arms(
        np.array([len(arm) for arm in values]),
        np.array([np.mean(arm) if arm else 0.0 for arm in values]),
        np.array([np.var(arm, ddof=1) if len(arm) > 1 else 0.0 for arm in values]),
    )


def difference(
    arms: Mapping[str, Runs],
    weights: Mapping[str, float],
    spread: Spread = "moderated",
    level: float = 0.95,
    title: str = "",
    grid: float = GRID,
) -> Difference:
    """A contrast of a study's arms, unpaired, with the spread of all of `arms`, as the value that rules judge.

    Its `n` is the fewest finished runs of an arm with a weight.

    Raises:
        Problem: weights of unknown arms or that do not sum to 0, a value that is not finite.
    """
    if strangers := sorted(set(weights) - set(arms)):
        raise Problem(f"weights of arms that the study has not run: {', '.join(strangers)}")
    if abs(sum(weights.values())) > 1e-9 * max(map(abs, weights.values()), default=0.0) or not any(weights.values()):
        raise Problem(f"weights {dict(weights)} are not a contrast: they sum to 0 and are not all 0")
    import numpy as np

    found = contrasts(summary(list(arms.values())), np.array([[weights.get(name, 0.0) for name in arms]]), spread, grid)
    used = [name for name in arms if weights.get(name)]
    return Difference(
        float(found.effects[0]),
        float(found.errors[0]),
        float(found.degrees[0]),
        min(len(finished(arms[name])) for name in used),
        between_0_and_1("level", level),
        design=spread,
        names=tuple(used),
        runs=tuple(len(arms[name]) for name in used),
        diverged=tuple(diverged(arms[name]) for name in used),
        title=title,
    )


def _inverse_trigamma(values: "NDArray[Any]") -> "NDArray[Any]":
    """x with trigamma(x) = value, by Newton's method on 1 / trigamma, which is convex (Smyth 2004, appendix)."""
    import numpy as np
    from scipy.special import polygamma

    x = 0.5 + 1 / values
    for _ in range(50):
        trigamma = polygamma(1, x)
        step = trigamma * (1 - trigamma / values) / polygamma(2, x)
        x = x + step
        if np.all(-step < 1e-8 * x):
            break
    return np.where(values > 1e7, 1 / np.sqrt(values), np.where(values < 1e-6, 1 / values, x))
