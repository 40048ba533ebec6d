"""Two designs for looking at runs as they come: how wide an interval must be so that it holds at every look.

A design gives the critical value of t at each look. Effect -+ critical value x standard error is then an interval that
covers the truth at all looks together with probability 1 - alpha, so that it holds whenever one stops. Every decision
and every interval that is printed comes from it.

`GroupSequential` spends alpha over looks that are fixed in advance, up to a largest number of runs (Lan and DeMets
1983, Biometrika 70). With t statistics the nominal level of each look is kept and the normal quantile replaced by that
of t (Jennison and Turnbull 2000, section 4.4), whose joint distribution is close to that of normal statistics, not
equal. How close is simulated in `experiments.power.designs`.

`AnytimeValid` needs neither looks nor an end. It inverts an e-process: the likelihood ratio of the t statistic with a
normal mixture over the effect in units of the spread, which is a test martingale under scale invariance (Wang and
Ramdas, arXiv:2310.03722, and for linear models Lindon and others, arXiv:2210.08589). It is exact for normal runs
of equal spread with the pooled variance.
"""

import math
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Literal, Protocol

from analysis.problem import Problem
from analysis.stats.intervals import between_0_and_1
from analysis.stats.roots import find_root

if TYPE_CHECKING:
    from numpy.typing import NDArray

Spending = Literal["pocock", "obrien-fleming"]

LOOKS = (3, 4, 5, 6, 7, 8, 10, 12, 14, 17, 20, 24, 28, 33, 40)
"""Runs of each arm at which a study is looked at: at every one as long as one is much, then at 6 in 5."""

POINTS = 401  # of the grid that a path's density is followed on
FAR = 9.0  # standard errors that stand for an interval without ends


class Design(Protocol):
    """What `analysis.stats.sequential` needs of a design."""

    @property
    def looks(self) -> tuple[int, ...]:
        """Runs of each arm at each look, rising."""
        ...

    @property
    def alpha(self) -> float:
        """Probability, shared by the parts of a study, that an interval misses the truth at any look."""
        ...

    def spent(self, look: int, alpha: float) -> float:
        """A level at which a test of another kind may be made at this look, so that all looks together have alpha."""
        ...

    def critical(self, look: int, alpha: float, degrees: "NDArray[Any]", information: "NDArray[Any]") -> "NDArray[Any]":
        """Critical values of |t| at the look of index `look`, of the shape that `degrees` and `information` share.

        `alpha`: two-sided, for all looks together. `degrees`: degrees of freedom of t. `information`: 1 / sum(w^2 / n)
        of the contrast, the runs that it is worth.
        """
        ...


@dataclass(frozen=True)
class GroupSequential:
    """Looks at fixed numbers of runs, alpha spent over them. See the module.

    `spending`: "pocock" spends alpha ln(1 + (e - 1) t) by the share t of the most runs, so that large effects end a
    study early. "obrien-fleming" spends 4 (1 - Phi(z / sqrt t)) with the normal quantile z of 1 - alpha / 4, which is
    hardly anything early.

    Raises:
        Problem: looks that do not rise from two or more runs.
    """

    looks: tuple[int, ...] = LOOKS
    alpha: float = 0.05
    spending: Spending = "pocock"

    def __post_init__(self) -> None:
        _checked(self.looks, self.alpha)

    def critical(self, look: int, alpha: float, degrees: "NDArray[Any]", information: "NDArray[Any]") -> "NDArray[Any]":
        """The t quantile of the look's nominal level. `information` plays no part."""
        from scipy.special import stdtrit

        return -stdtrit(degrees, nominal_levels(self.looks, alpha, self.spending)[look] / 2)

    def spent(self, look: int, alpha: float) -> float:
        """What is spent at the look of index `look`: a valid level for a test of that look alone."""
        shares = [n / self.looks[-1] for n in self.looks]
        before = _spend(shares[look - 1], alpha, self.spending) if look else 0.0
        return _spend(shares[look], alpha, self.spending) - before

    def upto(self, most: int) -> "GroupSequential":
        """The design that ends at `most` runs."""
        return GroupSequential(_ending(self.looks, most), self.alpha, self.spending)


@dataclass(frozen=True)
class AnytimeValid:
    """An interval that holds at every number of runs. See the module.

    `looks`: where the study is looked at, any. More may be added later. `scale`: variance of the mixture over effect /
    spread. The interval is narrowest for effects of about sqrt(scale) spreads.

    Raises:
        Problem: looks that do not rise from two or more runs, or a scale that is not above 0.
    """

    looks: tuple[int, ...] = tuple(range(LOOKS[0], LOOKS[-1] + 1))
    alpha: float = 0.05
    scale: float = 2.0

    def __post_init__(self) -> None:
        _checked(self.looks, self.alpha)
        if not self.scale > 0:
            raise Problem(f"scale {self.scale!r} of a mixture is not above 0")

    def critical(self, look: int, alpha: float, degrees: "NDArray[Any]", information: "NDArray[Any]") -> "NDArray[Any]":
        """|t| at which the likelihood ratio is 1 / alpha. Infinite where no t reaches it."""
        import numpy as np

        gain = 1 + self.scale * np.asarray(information, float)
        c = (np.sqrt(gain) / between_0_and_1("alpha", alpha)) ** (2 / (degrees + 1))
        reached = c < gain
        return np.where(reached, np.sqrt(degrees * (c - 1) / (1 - np.where(reached, c, 0.0) / gain)), np.inf)

    def spent(self, look: int, alpha: float) -> float:
        """A share of alpha for a test at the look of index `look`. The shares 1 / (k (k + 1)) sum to at most 1."""
        return alpha / ((look + 1) * (look + 2))

    def upto(self, most: int) -> "AnytimeValid":
        """The design that ends at `most` runs."""
        return AnytimeValid(_ending(self.looks, most), self.alpha, self.scale)


@lru_cache(maxsize=256)
def nominal_levels(looks: tuple[int, ...], alpha: float, spending: Spending = "pocock") -> tuple[float, ...]:
    """Two-sided nominal level of each look under which a normal path crosses with the probability that is spent.

    The density of the paths that have not crossed is followed from look to look (Armitage, McPherson and Rowe 1969),
    by Simpson's rule. With one look it is alpha.

    Raises:
        Problem: looks that do not rise from two or more runs, or an alpha outside (0, 1).
    """
    import numpy as np
    from scipy.special import ndtr, ndtri

    _checked(looks, alpha)
    times = np.array(looks) / looks[-1]
    spend = np.diff([0.0, *(_spend(float(t), alpha, spending) for t in times)])
    steps = np.sqrt(np.diff(np.concatenate([[0.0], times])))
    levels, at, mass = [], np.zeros(1), np.ones(1)
    for time, step, share in zip(times, steps, spend, strict=True):
        root = math.sqrt(time)

        def excess(z: float, at=at, mass=mass, step=step, share=share, root=root) -> float:
            outside = ndtr((-z * root - at) / step) + ndtr((at - z * root) / step)
            return float(mass @ outside - share)

        if len(at) == 1:
            z = min(FAR, float(-ndtri(max(share, 1e-18) / 2)))
        else:
            z = find_root(excess, 0.0, FAR) if excess(FAR) < 0 else FAR
        levels.append(float(2 * ndtr(-z)))
        grid = np.linspace(-z * root, z * root, POINTS)
        weights = np.full(POINTS, 2.0)
        weights[1::2], weights[0], weights[-1] = 4.0, 1.0, 1.0
        kernel = np.exp(-(((grid[:, None] - at) / step) ** 2) / 2) / (step * math.sqrt(2 * math.pi))
        at, mass = grid, weights * (grid[1] - grid[0]) / 3 * (kernel @ mass)
    return tuple(levels)


def _spend(share: float, alpha: float, spending: Spending) -> float:
    """Alpha spent by the share of the most runs."""
    from scipy.special import ndtr, ndtri

    if spending == "pocock":
        return alpha * math.log1p((math.e - 1) * share)
    return float(4 * ndtr(ndtri(alpha / 4) / math.sqrt(share)))


def _ending(looks: tuple[int, ...], most: int) -> tuple[int, ...]:
    """The looks below `most`, and `most`, which may lie beyond the last."""
    return (*(n for n in looks if n < most), most)


def _checked(looks: tuple[int, ...], alpha: float) -> None:
    between_0_and_1("alpha", alpha)
    if not looks or looks[0] < 2 or any(b <= a for a, b in pairwise(looks)):
        raise Problem(f"looks {looks} do not rise from two or more runs of each arm")
