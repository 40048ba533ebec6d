"""From the verdicts on the theory's statements to those on the claims of the paper."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from analysis.stats import Verdict

if TYPE_CHECKING:
    from analysis.manifold.theory import TheoryVerdict

CLAIMS = (
    "relu-line-ray",
    "relu-interior-linear",
    "relu-invertible-iff",
    "relu-collapse-volume",
    "relu-collapse-bound",
    "figure1-information-loss",
)
# A statement that "holds when" holds as the paper means it where the paper itself grants the condition.
GRANTED = {
    "relu-collapse-volume": "the paper's own condition on null sets",
    "relu-collapse-bound": "the statement's own condition, m much larger than n",
}


def judge(verdicts: "Iterable[TheoryVerdict]") -> list[Verdict]:
    """The scoreboard's rows. A statement that holds only under a condition which the paper does not state is
    contradicted."""
    rows = []
    for v in verdicts:
        if v.claim and not v.part:
            granted = GRANTED.get(v.claim)
            supported = v.verdict == "holds" or (v.verdict == "holds when" and granted is not None)
            condition = granted or "which the paper does not state"
            how = {"holds": "", "fails": "fails: ", "holds when": f"holds when ({condition}): "}[v.verdict]
            where = "proof and computation (results/tables/manifold-theory.md)"
            rows.append(Verdict(v.claim, "supported" if supported else "contradicted", where, why=how + v.why))
    return rows
