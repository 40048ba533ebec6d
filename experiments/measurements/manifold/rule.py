"""From the verdicts on the theory's statements to those on the claims of the paper."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from analysis.stats import Verdict

if TYPE_CHECKING:
    from analysis.manifold.theory import TheoryVerdict

CLAIMS = (
    "relu-line-ray",
    "relu-interior-linear",
    "deep-networks-linear",
    "relu-invertible-iff",
    "relu-collapse-volume",
    "relu-collapse-bound",
    "figure1-information-loss",
)
# Claim, part of a statement -> the claim that this part is by itself.
PARTS = {("relu-interior-linear", "deep networks"): "deep-networks-linear"}
# Where the paper itself grants the condition under which a statement holds.
GRANTED = {
    "relu-line-ray": "generally, the paper says",
    "relu-collapse-volume": "the paper's own condition on null sets",
    "relu-collapse-bound": "the statement's own condition, m much larger than n",
}


def judge(verdicts: "Iterable[TheoryVerdict]") -> list[Verdict]:
    """The scoreboard's rows. A statement is contradicted where it fails: a counter-example lies within its scope.

    One that holds under a condition is supported. claims.yaml has the condition as its scope, unless the paper grants
    it (GRANTED).
    """
    rows = []
    for v in verdicts:
        if claim := PARTS.get((v.claim, v.part), "" if v.part else v.claim):
            condition = GRANTED.get(claim, "which the paper does not state")
            how = {"holds": "", "fails": "fails: ", "holds when": f"holds when ({condition}): "}[v.verdict]
            where = "proof and computation (results/tables/manifold-theory.md)"
            word = "contradicted" if v.verdict == "fails" else "supported"
            rows.append(Verdict(claim, word, where, why=how + v.why))
    return rows
