"""The Pareto front of accuracy against cost, and the probability that a variant is on it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from analysis.problem import Problem
from analysis.stats.samples import Runs, diverged, finished, finite, mostly_diverged

if TYPE_CHECKING:
    from numpy.typing import NDArray


@dataclass(frozen=True)
class Candidate:
    """A variant with its cost (lower is better) and its accuracies by seed (higher is better)."""

    name: str
    cost: float
    runs: Runs


@dataclass(frozen=True)
class Placement:
    """A variant's mean and whether it is on the front.

    - `mean`: over the `n` seeds that the variants share. `on_front`: whether it is on the front of the means.
    - `probability`: that it is on the front of the true means.
    - A variant that diverged in more than half of its runs has n = 0 and no mean, and is not on the front.
    """

    name: str
    cost: float
    mean: float | None
    n: int
    on_front: bool
    probability: float


def pareto_front(candidates: Sequence[Candidate], draws: int = 20_000, seed: int = 0) -> tuple[Placement, ...]:
    """Place each variant, in the order given.

    A variant is on the front if no other is at most as costly and at least as accurate, and better in one of the two.

    The probability comes from `draws` joint draws of the true means given the data, with a flat prior:
    mean + (sum_s z_s (x_s - mean)) sqrt((n - 1) / chi2(n - 1)) / sqrt(n (n - 1)) with one z for each seed
    s. Each mean is then mean + sd / sqrt(n) t(n - 1), and each difference of two variants has its
    seed-paired t distribution. All variants therefore need the same seeds: those at which every variant
    finished, except the mostly diverged ones. Noise raises the largest of several means, so that a front of
    means is too favourable to the variants on it. The probability shows how much to doubt it.

    Raises:
        Problem: two variants of one name, fewer than two seeds in common, or a cost or an accuracy that is not
            finite.
    """
    import numpy as np

    if len({candidate.name for candidate in candidates}) < len(candidates):
        raise Problem("two variants have the same name: give each its own")
    kept = [c for c in candidates if not mostly_diverged(len(c.runs), diverged(c.runs))]
    done = [finished(candidate.runs) for candidate in kept]
    seeds = sorted(set.intersection(*map(set, done))) if kept else []
    if kept and len(seeds) < 2:
        raise Problem(f"the variants share {len(seeds)} finished seeds: run all on the same seeds, two or more")
    costs, n = np.array(finite(candidate.cost for candidate in kept)), len(seeds)
    values = np.array([[runs[s] for runs in done] for s in seeds]).reshape(n, len(kept))
    means = values.sum(axis=0) / max(1, n)
    generator = np.random.default_rng(seed)
    noise = generator.standard_normal((draws, n)) @ (values - means)
    noise /= np.sqrt(n * generator.chisquare(max(1, n - 1), (draws, 1)))
    on_front = not_dominated(costs, means[None])[0]
    probability = not_dominated(costs, means + noise).mean(axis=0)
    placed = {
        c.name: Placement(c.name, c.cost, float(mean), n, bool(stands), float(share))
        for c, mean, stands, share in zip(kept, means, on_front, probability, strict=True)
    }
    return tuple(placed.get(c.name) or Placement(c.name, c.cost, None, 0, False, 0.0) for c in candidates)


def not_dominated(costs: "NDArray[Any]", accuracies: "NDArray[Any]") -> "NDArray[Any]":
    """Which of k points are not dominated, for each row of accuracies: (k,), (rows, k) -> bool (rows, k)."""
    import numpy as np

    stands = np.ones(accuracies.shape, dtype=bool)
    for i, cost in enumerate(costs):
        cheaper, level = costs < cost, costs == cost
        own = accuracies[:, i, None]
        stands[:, i] = ~((accuracies[:, cheaper] >= own).any(axis=1) | (accuracies[:, level] > own).any(axis=1))
    return stands
