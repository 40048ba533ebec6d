"""The chain of bounds after Theorem 1 of appendix A: "N/2^m >= 1 - m^(n+1)/(2^m n!) >= ... >= 1 - 2^(-m/2)".

Checked: every link in integers (`analysis.manifold.theory.bounds`), on a grid and at the widths of Table 2.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from analysis.manifold.theory.bounds import (
    EXPANSION,
    first_link,
    holds_from,
    last_link,
    log2_collapsed,
    middle_is_positive,
    second_link,
    smallest_expansion_counterexample,
    whole_chain,
)
from analysis.manifold.theory.statements.count import Count
from analysis.manifold.theory.statements.verdict import TheoryVerdict, holds_if

WIDTHS = (1, 2, 3, 4, 5, 6, 8, 16, 24, 32, 64, 96, 160)  # small ones, then the bottleneck widths of Table 2


@dataclass(frozen=True)
class Chain:
    """The chain of bounds at one n.

    - `last_from`, `whole_from`, `positive_from`: from which m on each inequality holds.
    - `last_at_expansion`, `whole_at_expansion`: whether it does at m = 6n.
    - `log2_at_expansion`: log2 of what may be collapsed at m = 6n, exactly and by each bound.
    """

    n: int
    last_from: int
    whole_from: int
    positive_from: int
    last_at_expansion: bool
    whole_at_expansion: bool
    log2_at_expansion: tuple[float, float, float, float]


def links() -> list[Count]:
    """On how many (n, m) of the grid n <= 32, n <= m <= 12n each link holds."""
    small = [(n, m) for n in range(1, 33) for m in range(n, 12 * n + 1)]
    named = {"first": first_link, "second": second_link, "last": last_link, "whole": whole_chain}
    return [Count(name, sum(link(n, m) for n, m in small), len(small)) for name, link in named.items()]


def chain() -> list[Chain]:
    """The chain at each of `WIDTHS`."""
    return [_chain(n) for n in WIDTHS]


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


def verdicts(counts: Sequence[Count], chains: Sequence[Chain]) -> list[TheoryVerdict]:
    """What `links` and `chain` say of the chain, whole and link by link."""
    of = {count.name: count for count in counts}
    first = min(c.n for c in chains if not c.last_at_expansion)
    whole = smallest_expansion_counterexample(EXPANSION)
    ratios = ", ".join(f"{c.last_from} ({c.last_from / c.n:.1f} n) at n = {c.n}" for c in chains)
    ends = ", ".join(f"{c.whole_from} ({c.whole_from / c.n:.1f} n) at n = {c.n}" for c in chains)
    vacuous = min(c.n for c in chains if c.positive_from > EXPANSION * c.n)
    sixteen = next(c for c in chains if c.n == 16)
    return [
        TheoryVerdict(
            "relu-collapse-bound", "", "A",
            "N/2^m >= 1 - m^(n+1)/(2^m n!) >= 1 - 2^((n+1) log2 m - m) >= 1 - 2^(-m/2).", "holds when",
            f"m^(2n+2) <= 2^m, far above the paper's expansion: m from {ratios}. At m = 6n the last link fails for "
            "every n; what it is used for holds: at n = 16, m = 96 the collapsed share is "
            f"2^{sixteen.log2_at_expansion[0]:.1f}.",
            {"n": 16, "m": 96},
        ),
        TheoryVerdict(
            "relu-collapse-bound", "first link", "A", "N/2^m >= 1 - m^(n+1)/(2^m n!).",
            holds_if(of["first"].hits == of["first"].cases),
            "for all m >= n >= 1: C(m,k) <= m^k/k!, which grows up to k = m. Exact on "
            f"{of['first'].out_of} (n, m) of the grid n <= 32, n <= m <= 12n.",
        ),
        TheoryVerdict(
            "relu-collapse-bound", "second link", "A", "n! >= 1.",
            holds_if(of["second"].hits == of["second"].cases),
            "always. It gives away n!, though: at m = 6n the third expression is below 0, so that it says nothing, "
            f"from n = {vacuous} on.",
        ),
        TheoryVerdict(
            "relu-collapse-bound", f"last link at m = {EXPANSION}n", "A",
            "m^(n+1) <= 2^(m/2) at the paper's expansion.",
            "fails",
            "for every n: it asks for (n+1) log2(6n) <= 3n, and log2(6n) > 3 for n >= 2 (n = 1: 5.17 > 3). At any "
            "fixed m/n it fails for large n.",
            {"n": first, "m": EXPANSION * first},
        ),
        TheoryVerdict(
            "relu-collapse-bound", f"ends at m = {EXPANSION}n", "A", "N/2^m >= 1 - 2^(-m/2), whatever the links.",
            "holds when",
            f"n <= {whole[0] - 1} at m = 6n; in general for m from {ends}, in the limit m >= 9.09 n (entropy of n/m at "
            "most 1/2).",
            {"n": whole[0], "m": whole[1]},
        ),
    ]  # fmt: skip
