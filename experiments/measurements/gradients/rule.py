"""How measured gradients judge the claim shortcuts-carry-gradients, the reason that section 3.3 gives for shortcuts.

Fixed before the measurement. The history of this file shows it. A pilot of two other seeds had been seen at
initialisation, nothing of a trained network.

Compared are networks with shortcuts between bottlenecks and without any, at the tensors between bottlenecks, one value
a seed. "Passes" is read as two things. The growth: by which factor a random gradient grows or shrinks from the last
block back to the first, root mean square over directions. And the directions: how many of those that enter at the last
block arrive at the first one alike (participation ratio of the squared singular values). Each is to be better with
shortcuts by more than a quarter, before the first step and after the last one. A part holds where the 95 % t interval
of its mean log ratio lies on the claimed side and fails where the interval of a level shared by the parts (Bonferroni)
lies on the other. The claim holds where all parts hold.

What each verdict's probability is under stated truths: results/tables/power-measured.md, at the spread of the pilot.
"""

import math
from collections.abc import Callable, Iterable, Sequence

from analysis.stats import Verdict
from experiments.claims.per_seed import Part, judged
from experiments.measurements.gradients.rows import BETWEEN, REST, SHARES, Passed

CLAIMS = ("shortcuts-carry-gradients",)
ARM, OTHER = "bottleneck", "none"
SEEDS = (0, 1, 2, 3, 4)
IMAGES = 2
LEAST = math.log(1.25)
PARTS = 4
LIMITATION = "networks of 3 M multiply-adds trained for one epoch of CIFAR-10"


def judge(passed: Iterable[Passed], where: str) -> list[Verdict]:
    """The verdict on the claim, from rows of both arms before the first step and after the last."""
    rows = [row for row in passed if (row.site, row.span) == (BETWEEN, REST)]
    parts = [
        part
        for share, when in ((SHARES[0], "before training"), (SHARES[-1], "after training"))
        for part in (
            Part(
                f"growth without shortcuts over that with them, {when}", ratios(rows, share, growth), LEAST, True, True
            ),
            Part(f"directions with shortcuts over those without, {when}", ratios(rows, share, lost), LEAST, True, True),
        )
    ]
    return [judged(CLAIMS[0], parts, f"{where}; {LIMITATION}")]


def growth(row: Passed) -> float:
    """Log of the factor by which a gradient grows or shrinks, the same for both."""
    return abs(math.log(row.rms))


def lost(row: Passed) -> float:
    """Minus the log of the share of directions that pass."""
    return -math.log(row.directions)


def ratios(rows: Sequence[Passed], share: float, measure: Callable[[Passed], float]) -> tuple[float, ...]:
    """For each seed: `measure` without shortcuts minus with them, mean over images, at the first block."""
    first = rows[0].block
    here = [row for row in rows if row.share == share and row.block == first]

    def mean(arm: str, seed: int) -> float:
        values = [measure(row) for row in here if (row.arm, row.seed) == (arm, seed)]
        return math.fsum(values) / len(values)

    return tuple(mean(OTHER, seed) - mean(ARM, seed) for seed in sorted({row.seed for row in here}))
