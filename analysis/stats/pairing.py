"""What pairing by seed buys: how much of the spread of accuracies two arms share through their seed."""

import math
import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

from analysis.problem import Problem
from analysis.stats.differences import paired_difference
from analysis.stats.intervals import Estimate
from analysis.stats.moderated import contrasts, prior, summary
from analysis.stats.samples import Runs, finished


@dataclass(frozen=True)
class Pairing:
    """What arms with common seeds share.

    - `arms`, `pairs`: how many arms, and pairs of them with three or more seeds in common.
    - `correlation`: mean over pairs of Pearson's correlation of two arms over seeds. Pairing leaves the share
      1 - correlation of the variance of a difference.
    - `seed_share`: share of the variance within arms that the seed explains over all arms together (intraclass
      correlation of a two-way layout), negative where the seeds' means vary less than chance would have it.
    - `half_widths`: mean half width of the 95 % interval of a difference by "paired", "welch" and "moderated".
    - `spread`: pooled standard deviation. `d0`: degrees of freedom of the prior that the spreads of the arms follow,
      infinite where they are alike.
    """

    arms: int
    pairs: int
    correlation: float
    seed_share: float
    half_widths: dict[str, float]
    spread: float
    d0: float


def pairing(arms: Sequence[Runs]) -> Pairing:
    """What pairing buys over the seeds that all `arms` have finished. Half widths are of every arm minus the first.

    Raises:
        Problem: fewer than two arms, or fewer than three seeds in common.
    """
    import numpy as np

    done = [finished(arm) for arm in arms]
    common = sorted(set.intersection(*map(set, done))) if len(done) > 1 else []
    if len(common) < 3:
        raise Problem(
            f"{len(arms)} arms with {len(common)} seeds in common say nothing about pairing: 2 and 3 at least"
        )
    values = np.array([[arm[seed] for seed in common] for arm in done])
    centred = values - values.mean(1, keepdims=True)
    varied = [row for row in centred if row.any()]
    correlations = [statistics.correlation(a, b) for a, b in combinations(map(list, varied), 2)]
    count, seeds = values.shape
    between = count * float((centred.mean(0) ** 2).sum()) / (seeds - 1)
    within = float(((centred - centred.mean(0)) ** 2).sum()) / ((count - 1) * (seeds - 1))
    same = [dict(zip(common, row, strict=True)) for row in values.tolist()]
    weights = np.eye(count)[1:] - np.eye(count)[0]
    widths = {"paired": statistics.fmean(_half(paired_difference(arm, same[0])) for arm in same[1:])}
    for spread in ("welch", "moderated"):
        found = contrasts(summary(same), weights, spread)
        rows = zip(found.effects, found.errors, found.degrees, strict=True)
        widths[spread] = statistics.fmean(_half(Estimate(float(a), float(b), float(c), seeds)) for a, b, c in rows)
    variances = values.var(1, ddof=1)
    d0, *_ = prior(variances[variances > 0], np.full(int((variances > 0).sum()), seeds - 1.0), most=math.inf)
    return Pairing(
        count,
        len(correlations),
        statistics.fmean(correlations) if correlations else math.nan,
        (between - within) / (between + (count - 1) * within) if within else math.nan,
        widths,
        math.sqrt(float(variances.mean())),
        float(d0),
    )


def _half(estimate: Estimate) -> float:
    return (estimate.high - estimate.low) / 2
