"""Appendix A: "for m much larger than n, A ReLU(Bx) is highly non-linear and still invertible".

Checked: shares of variance and folds of random operators (`analysis.manifold.theory.operator`).
"""

from collections.abc import Sequence

from analysis.manifold.theory.bounds import EXPANSION
from analysis.manifold.theory.operator import AFFINE_SHARE_OF_RELU, Operator
from analysis.manifold.theory.statements.verdict import TheoryVerdict


def verdicts(operators: Sequence[Operator]) -> list[TheoryVerdict]:
    """What the operators, of which one has m = 6n, say of the statement."""
    at = next(o for o in operators if o.ratio == EXPANSION)
    return [
        TheoryVerdict(
            "", "A ReLU(Bx)", "A",
            "For m much larger than n, A ReLU(Bx) is highly non-linear and still invertible.", "holds when",
            f"it is said of ReLU(Bx): an affine map explains {AFFINE_SHARE_OF_RELU:.1%} of its variance at any m, "
            "and x is determined with probability N/2^m. With A = B^+ it is invertible because it turns linear: "
            f"{at.affine_inverse:.1%} affine at n = {at.n}, m = {EXPANSION}n, the best affine map back has R^2 "
            f"{at.recovered:.3f}. With a random A it stays non-linear ({at.affine_random:.1%} affine) and folds: not "
            f"one to one in {at.folds_random:.0%} of draws.",
            {"n": at.n, "m": at.n * EXPANSION, "A": "random", "share of draws that fold": at.folds_random},
        )
    ]  # fmt: skip
