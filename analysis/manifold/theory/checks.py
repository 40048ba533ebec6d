"""The statements of section 3.2 and appendix A, run on random and on adversarial cases."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

import numpy as np

from analysis.manifold.line import full_share, random_curves, sample, sampled_bends
from analysis.manifold.theory.bounds import (
    first_link,
    holds_from,
    last_link,
    log2_collapsed,
    middle_is_positive,
    second_link,
    whole_chain,
)
from analysis.manifold.theory.collapse import Cell, binomial_interval, monte_carlo
from analysis.manifold.theory.interior import image_is_interior, is_linear_there
from analysis.manifold.theory.operator import Operator, operators
from analysis.manifold.theory.preimage import decide, lone_origin_share

EXPANSION = 6  # the paper's
# Bottleneck widths of Table 2, behind small ones.
WIDTHS = (1, 2, 3, 4, 5, 6, 8, 16, 24, 32, 64, 96, 160)


LINE_DIMENSIONS = (1, 2, 3, 4, 6, 8)  # in which random lines are counted, `Checks.lines` in this order


@dataclass(frozen=True)
class Count:
    """`hits` of `cases`, beside the share that is expected, with the binomial interval where there is one."""

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


@dataclass(frozen=True)
class Preimages:
    """Lemma 2 on `cases` random (B, x0) with integer entries in -bound..bound: how often x0 is unique and how often
    the lemma's condition says so. `second` counts second preimages, found and checked for every case not unique."""

    bound: int
    cases: int
    tight: int
    both: int
    unique_only: int
    lemma_only: int
    second: int


@dataclass(frozen=True)
class Chain:
    """The chain of bounds at one n: from which m on each inequality holds, and log2 of what may be collapsed, exactly
    and by each bound, at m = 6n."""

    n: int
    last_from: int
    whole_from: int
    positive_from: int
    last_at_expansion: bool
    whole_at_expansion: bool
    log2_at_expansion: tuple[float, float, float, float]


@dataclass(frozen=True)
class Checks:
    """Everything measured once: tables, figures and verdicts read it."""

    lines: Sequence[Count]
    sampled: Count
    interior: Count
    no_interior: Count
    preimages: Sequence[Preimages]
    origins: Sequence[Count]
    cells: Sequence[Cell]
    orthogonal: Sequence[Cell]
    one_direction: Sequence[Cell]
    links: Sequence[Count]
    chain: Sequence[Chain]
    operators: Sequence[Operator]


def theory_checks(seed: int = 0) -> Checks:
    """Run all checks; the same seed gives the same numbers."""
    generator = np.random.default_rng(seed)
    interior, no_interior = _interior(generator, 300)
    small = [(n, m) for n in range(1, 33) for m in range(n, 12 * n + 1)]
    return Checks(
        lines=_with_intervals([_line(n, 250, generator) for n in LINE_DIMENSIONS]),
        sampled=_sampled(generator, 60),
        interior=interior,
        no_interior=no_interior,
        preimages=[_preimages(bound, 200, generator) for bound in (1, 2, 99)],
        origins=_with_intervals([_origin(n, m, 60, generator) for n, m in ((2, 4), (2, 12), (3, 18))]),
        cells=monte_carlo("gaussian", seed=seed),
        orthogonal=monte_carlo("orthogonal", [(n, t * n) for n in (2, 4, 8) for t in (1, 2, 3)], 1000, seed),
        one_direction=monte_carlo("one_direction", [(2, 12)], 1000, seed),
        links=[Count(name, sum(link(n, m) for n, m in small), len(small)) for name, link in _LINKS.items()],
        chain=[_chain(n) for n in WIDTHS],
        operators=operators(seed=seed),
    )


_LINKS = {"first": first_link, "second": second_link, "last": last_link, "whole": whole_chain}


def _line(n: int, draws: int, generator: np.random.Generator) -> Count:
    curves = random_curves(n, draws, generator)
    return Count(f"n = {n}", sum(curve.bends == n for curve in curves), draws, full_share(n))


def _sampled(generator: np.random.Generator, draws: int) -> Count:
    """Bends counted on the sampled curve against the exact ones, on lines whose joints a sample can tell apart."""
    agree = cases = 0
    while cases < draws:
        (line,) = random_curves(int(generator.integers(1, 6)), 1, generator, bound=9)
        gaps = np.diff([float(t) for t in line.joints])
        if len(gaps) and gaps.min() < 0.01:
            continue
        cases += 1
        steps = 4 * (float(line.joints[-1] - line.joints[0]) + 2) / min([1.0, *gaps])
        agree += sampled_bends(sample(line, int(steps) + 2)) == line.bends
    return Count("sampled", agree, cases)


def _interior(generator: np.random.Generator, draws: int) -> tuple[Count, Count]:
    """How many interior images are those of a linear map; how many images of an expansion (m > n) are interior."""
    inside = linear = expanded = inside_expanded = 0
    for _ in range(draws):
        n, m = map(int, generator.integers(1, 5, size=2))
        b, x = _integers(m, n, 5, generator)
        if m > n:
            expanded += 1
            inside_expanded += image_is_interior(b, x)
        elif image_is_interior(b, x):
            inside += 1
            linear += is_linear_there(b, x)
    return Count("interior", linear, inside), Count("interior, m > n", inside_expanded, expanded)


def _preimages(bound: int, cases: int, generator: np.random.Generator) -> Preimages:
    tight = both = unique_only = lemma_only = second = 0
    for _ in range(cases):
        b, x = _integers(int(generator.integers(1, 9)), int(generator.integers(1, 4)), bound, generator)
        tight += any(sum(i * j for i, j in zip(row, x, strict=True)) == 0 for row in b)
        answer = decide(b, x)
        both += answer.unique and answer.lemma
        unique_only += answer.unique and not answer.lemma
        lemma_only += answer.lemma and not answer.unique
        second += answer.second is not None
    return Preimages(bound, cases, tight, both, unique_only, lemma_only, second)


def _origin(n: int, m: int, draws: int, generator: np.random.Generator) -> Count:
    unique = sum(decide(_integers(m, n, 99, generator)[0], [0] * n).unique for _ in range(draws))
    return Count(f"n = {n}, m = {m}", unique, draws, lone_origin_share(n, m))


def _integers(m: int, n: int, bound: int, generator: np.random.Generator) -> tuple[list[list[int]], list[int]]:
    numbers = generator.integers(-bound, bound + 1, size=(m + 1, n)).tolist()
    return numbers[:m], numbers[m]


def _with_intervals(counts: Sequence[Count], level: float = 0.95) -> list[Count]:
    """Clopper and Pearson's intervals, which hold together with probability `level` (Bonferroni)."""
    level = 1 - (1 - level) / len(counts)
    return [
        replace(c, **dict(zip(("low", "high"), binomial_interval(c.hits, c.cases, level), strict=True))) for c in counts
    ]


def _chain(n: int) -> Chain:
    m = EXPANSION * n
    return Chain(
        n,
        holds_from(last_link, n),
        holds_from(whole_chain, n),
        holds_from(middle_is_positive, n),
        last_link(n, m),
        whole_chain(n, m),
        log2_collapsed(n, m),
    )
