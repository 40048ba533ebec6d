"""What the checks say of the statements of appendix A."""

from collections.abc import Sequence

from analysis.manifold.theory.bounds import smallest_expansion_counterexample
from analysis.manifold.theory.checks import EXPANSION, Checks, Count
from analysis.manifold.theory.collapse import Cell, collapsed_share
from analysis.manifold.theory.interior import COMPOSITION, compose
from analysis.manifold.theory.verdict import TheoryVerdict, holds_if


def interior(checks: Checks) -> list[TheoryVerdict]:
    """Lemma 1, and its extension to compositions."""
    return [
        TheoryVerdict(
            "relu-interior-linear", "", "3.2, A (Lemma 1)",
            "Where ReLU(Bx) is an interior point of the image in R^m, ReLU(Bx) = Bx.",
            holds_if(not checks.no_interior.hits and checks.interior.hits == checks.interior.cases),
            "an interior point has no coordinate 0. It needs rank B = m: for m > n, every expansion, the image has no "
            f"interior and nothing is said ({out_of(checks.no_interior)} interior); for m <= n "
            f"{out_of(checks.interior)} interior images were Bx.",
        ),
        TheoryVerdict(
            "relu-interior-linear", "deep networks", "3.2, A",
            "A composition of such layers is linear on the part of the input that it maps to the interior of its "
            "image.", "fails",
            "ReLU(A ReLU(Bx)) = |x| is the smallest case: an expansion by 2 and a projection, no volume collapsed "
            "anywhere, and three evenly spaced points whose images, all interior, are not evenly spaced.",
            {**COMPOSITION, "images": [int(compose(x)[0]) for x in COMPOSITION["points"]]},
        ),
    ]  # fmt: skip


def invertible(checks: Checks) -> list[TheoryVerdict]:
    """Lemma 2 and its two directions."""
    cases = sum(p.cases for p in checks.preimages)
    only = sum(p.unique_only for p in checks.preimages)
    origins = ", ".join(f"{o.share:.2f} at {o.name} ({float(o.exact or 0):.3f})" for o in checks.origins)
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
            holds_if(not any(p.lemma_only for p in checks.preimages)),
            "x solves B_T x = y_T with rank n. No counter-example among "
            f"{cases} cases decided by rank and linear programme.",
        ),
        TheoryVerdict(
            "relu-invertible-iff", "only if", "A (Lemma 2)", "A unique preimage needs n independent positive rows.",
            "fails",
            f"{only} of {cases} cases with small integers are unique without them (multipliers certify it); a second "
            "preimage was found for every case that is not unique. At x0 = 0, where no row is positive, the preimage "
            "is unique with probability 1 - 2^(1-m) sum_(k<n) C(m-1,k) (Wendel); measured (closed form): "
            f"{origins}.",
            edge,
        ),
    ]  # fmt: skip


def volume(checks: Checks) -> list[TheoryVerdict]:
    """Theorem 1, and what the text after it calls its two shares."""
    agree = f"{_agree(checks.cells)} cells of the (n, m) grid and {_agree(checks.orthogonal)} with orthogonal matrices"
    (lone,) = checks.one_direction
    kept = float(1 - collapsed_share(2, 12))
    return [
        TheoryVerdict(
            "relu-collapse-volume", "", "A (Theorem 1)",
            "For sign-symmetric rows the mean collapsed volume is V - N V/2^m.",
            holds_if(all(cell.agrees for cell in (*checks.cells, *checks.orthogonal)), "holds when"),
            "any n rows of B are almost surely independent, as the paper's condition on null sets grants; independent "
            "and sign-symmetric rows alone are not enough. The closed form lies in the Monte Carlo interval in "
            f"{agree} (intervals simultaneous at 95 %).",
            {"rows": "random multiples of (1, 0)", "n": lone.n, "m": lone.m, "collapsed share": lone.share,
             "formula": float(lone.exact)},
        ),
        TheoryVerdict(
            "relu-collapse-volume", "which fraction", "A",
            "The text behind the theorem calls N/2^m the collapsed fraction.",
            "fails",
            "N counts the sign patterns with at least n positive coordinates: N/2^m is the share that is kept, "
            "which is also what the theorem itself and the lower bounds after it need.",
            {"n": 2, "m": 12, "N/2^m": kept, "collapsed share measured": _cell(checks.cells, 2, 12).share},
        ),
    ]  # fmt: skip


def bound(checks: Checks) -> list[TheoryVerdict]:
    """The chain of bounds, whole and link by link."""
    links = {count.name: count for count in checks.links}
    first, whole = (
        min(c.n for c in checks.chain if not c.last_at_expansion),
        smallest_expansion_counterexample(EXPANSION),
    )
    ratios = ", ".join(f"{c.last_from} ({c.last_from / c.n:.1f} n) at n = {c.n}" for c in checks.chain)
    ends = ", ".join(f"{c.whole_from} ({c.whole_from / c.n:.1f} n) at n = {c.n}" for c in checks.chain)
    vacuous = min(c.n for c in checks.chain if c.positive_from > EXPANSION * c.n)
    sixteen = next(c for c in checks.chain if c.n == 16)
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
            holds_if(links["first"].hits == links["first"].cases),
            "for all m >= n >= 1: C(m,k) <= m^k/k!, which grows up to k = m. Exact on "
            f"{out_of(links['first'])} (n, m) of the grid n <= 32, n <= m <= 12n.",
        ),
        TheoryVerdict(
            "relu-collapse-bound", "second link", "A", "n! >= 1.",
            holds_if(links["second"].hits == links["second"].cases),
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


def out_of(count: Count) -> str:
    """Hits of cases, in words."""
    return f"{count.hits} of {count.cases}"


def _agree(cells: Sequence[Cell]) -> str:
    return f"{sum(cell.agrees for cell in cells)} of {len(cells)}"


def _cell(cells: Sequence[Cell], n: int, m: int) -> Cell:
    return next(cell for cell in cells if (cell.n, cell.m) == (n, m))
