"""How often something came out in random cases, next to the share that a closed form expects."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

import numpy as np

from analysis.manifold.theory.collapse import binomial_interval


@dataclass(frozen=True)
class Count:
    """`hits` of `cases`, next to the expected share `exact`, if any, with the binomial interval of the measured one."""

    name: str
    hits: int
    cases: int
    exact: Fraction | None = None
    low: float | None = None
    high: float | None = None

    @property
    def share(self) -> float:
        """hits / cases."""
        return self.hits / self.cases

    @property
    def agrees(self) -> bool:
        """The expected share lies in the interval."""
        return self.exact is None or float(self.low or 0) <= self.exact <= float(self.high or 0)

    @property
    def out_of(self) -> str:
        """Hits of cases, in words."""
        return f"{self.hits} of {self.cases}"


def with_intervals(counts: Sequence[Count], level: float = 0.95) -> list[Count]:
    """Clopper and Pearson's intervals, which hold together with probability `level` (Bonferroni)."""
    level = 1 - (1 - level) / len(counts)
    ends = [binomial_interval(count.hits, count.cases, level) for count in counts]
    return [replace(count, low=low, high=high) for count, (low, high) in zip(counts, ends, strict=True)]


def measured(counts: Sequence[Count], digits: int = 3) -> str:
    """Each measured share with its name and, in brackets, the closed form."""
    return ", ".join(f"{count.share:.{digits}f} at {count.name} ({float(count.exact or 0):.3f})" for count in counts)


def integers(m: int, n: int, bound: int, generator: np.random.Generator) -> tuple[list[list[int]], list[int]]:
    """A random B (m x n) and x0 (n) with integer entries in -bound..bound."""
    numbers = generator.integers(-bound, bound + 1, size=(m + 1, n)).tolist()
    return numbers[:m], numbers[m]
