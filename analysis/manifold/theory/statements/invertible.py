"""Lemma 2 of appendix A: "x0 is the only preimage of ReLU(B x0) iff n independent rows of B are positive at x0".

Checked: random (B, x0) with integer entries, each decided exactly (`analysis.manifold.theory.preimage`). At x0 = 0 the
share that is unique has a closed form (Wendel 1962).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from analysis.manifold.theory.preimage import decide, lone_origin_share
from analysis.manifold.theory.statements.count import Count, integers, measured, with_intervals
from analysis.manifold.theory.statements.verdict import TheoryVerdict, holds_if


@dataclass(frozen=True)
class Preimages:
    """Lemma 2 on `cases` random (B, x0) with integer entries in -bound..bound.

    - `tight`: cases with a row that is 0 at x0.
    - `both`: x0 is unique and the lemma's condition says so. `unique_only`, `lemma_only`: one of the two.
    - `second`: second preimages, found and checked for every case that is not unique.
    """

    bound: int
    cases: int
    tight: int
    both: int
    unique_only: int
    lemma_only: int
    second: int


def preimages(generator: np.random.Generator, cases: int = 200) -> list[Preimages]:
    """Lemma 2 on `cases` random matrices for each of three sizes of entries."""
    return [_preimages(bound, cases, generator) for bound in (1, 2, 99)]


def _preimages(bound: int, cases: int, generator: np.random.Generator) -> Preimages:
    tight = both = unique_only = lemma_only = second = 0
    for _ in range(cases):
        b, x = integers(int(generator.integers(1, 9)), int(generator.integers(1, 4)), bound, generator)
        tight += any(sum(i * j for i, j in zip(row, x, strict=True)) == 0 for row in b)
        answer = decide(b, x)
        both += answer.unique and answer.lemma
        unique_only += answer.unique and not answer.lemma
        lemma_only += answer.lemma and not answer.unique
        second += answer.second is not None
    return Preimages(bound, cases, tight, both, unique_only, lemma_only, second)


def origins(generator: np.random.Generator, draws: int = 60) -> list[Count]:
    """For how many of `draws` random matrices x0 = 0 is the only preimage of 0, at three (n, m)."""
    return with_intervals([_origin(n, m, draws, generator) for n, m in ((2, 4), (2, 12), (3, 18))])


def _origin(n: int, m: int, draws: int, generator: np.random.Generator) -> Count:
    unique = sum(decide(integers(m, n, 99, generator)[0], [0] * n).unique for _ in range(draws))
    return Count(f"n = {n}, m = {m}", unique, draws, lone_origin_share(n, m))


def verdicts(decided: Sequence[Preimages], at_origin: Sequence[Count]) -> list[TheoryVerdict]:
    """What `preimages` and `origins` say of Lemma 2 and of its two directions."""
    cases = sum(p.cases for p in decided)
    only = sum(p.unique_only for p in decided)
    small = {"B": [[1], [-1]], "x0": [0], "y0": [0, 0], "non-zero": 0, "n": 1}
    edge = {"B": [[1, 0], [0, 1], [0, -1]], "x0": [1, 0], "y0": [1, 0, 0], "non-zero": 1, "n": 2}
    return [
        TheoryVerdict(
            "relu-invertible-iff", "", "A (Lemma 2)",
            "x0 is the only preimage of ReLU(B x0) iff n independent rows of B are positive at x0.", "holds when",
            "no row b_i other than 0 has b_i x0 = 0, so for almost every x0. Coordinates that are "
            "exactly 0 still say b_i x <= 0, and such half-spaces can leave x0 alone. Exact condition: no d != 0 has "
            "b_i d = 0 on the positive and b_i d <= 0 on the zero coordinates.",
            small,
        ),
        TheoryVerdict(
            "relu-invertible-iff", "if", "A (Lemma 2)",
            "n independent positive rows make the preimage unique.",
            holds_if(not any(p.lemma_only for p in decided)),
            "x solves B_T x = y_T with rank n. No counter-example among "
            f"{cases} cases decided by rank and linear programme.",
        ),
        TheoryVerdict(
            "relu-invertible-iff", "only if", "A (Lemma 2)", "A unique preimage needs n independent positive rows.",
            "fails",
            f"{only} of {cases} cases with small integers are unique without them (multipliers certify it); a second "
            "preimage was found for every case that is not unique. At x0 = 0, where no row is positive, the preimage "
            "is unique with probability 1 - 2^(1-m) sum_(k<n) C(m-1,k) (Wendel); measured (closed form): "
            f"{measured(at_origin, 2)}.",
            edge,
        ),
    ]  # fmt: skip
