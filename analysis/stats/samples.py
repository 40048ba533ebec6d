"""Checked accuracies by seed, which all other parts of the statistics start from."""

import math
from collections.abc import Iterable, Mapping, Sequence

from analysis.problem import Problem

GRID = 0.01
"""Points between two neighbouring accuracies of 10,000 test images. A smaller spread is chance on this grid."""

Runs = Mapping[int, float | None]
"""One arm of a study: seed -> accuracy of the finished run, or None where the run diverged."""


def finite(values: Iterable[float]) -> list[float]:
    """The values as floats.

    Raises:
        Problem: one is NaN or infinite (a diverged run is None in `Runs`, never a number).
    """
    numbers = [float(value) for value in values]
    for number in numbers:
        if not math.isfinite(number):
            raise Problem(f"{number} is not a measurement: give finite numbers, and None for a run that diverged")
    return numbers


def finished(runs: Runs) -> dict[int, float]:
    """The runs that did not diverge, by seed.

    Raises:
        Problem: a value is NaN or infinite.
    """
    done = {seed: value for seed, value in runs.items() if value is not None}
    return dict(zip(done, finite(done.values()), strict=True))


def diverged(runs: Runs) -> tuple[int, ...]:
    """Seeds whose run diverged, in order."""
    return tuple(sorted(seed for seed, value in runs.items() if value is None))


def mostly_diverged(runs: int, lost: Sequence[int]) -> bool:
    """Whether the seeds `lost` are more than half of the runs."""
    return 2 * len(lost) > runs
