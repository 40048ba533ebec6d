"""What does ReLU do to a low-dimensional manifold?

Section 3.2, Figure 1 and appendix A: a curve goes through a random matrix into n dimensions, through ReLU and back.
The paper says that few dimensions lose information and many keep it, and proves how much is lost on average.

    mnv2 manifold

Half a minute on one core. results/figures/manifold has Figure 1 with errors, the measures against n, the line, the
theorem, its chain of bounds and an animation; results/tables/manifold*.md the numbers, and manifold-theory.md a
verdict on each statement. In short: the information part of Figure 1 holds; its curves, drawn back by the
pseudo-inverse, get straighter with n, not more bent. Lemma 2 holds except where a coordinate is exactly 0. Theorem 1
holds; the text after it calls the kept share collapsed, and the last of the bounds that follow fails at the paper's
expansion of 6 for every n, although what it is used for holds.
"""

from collections.abc import Iterable
from dataclasses import replace

from analysis.manifold.sweep import Condition
from analysis.manifold.theory import TheoryVerdict
from analysis.stats import Verdict

PANELS = (2, 3, 5, 15, 30)
FRAMES = (*range(2, 21), 24, 30, 40, 60)
COMPARED_DRAWS = 250  # of each condition beside the main one


def compared(main: Condition) -> list[Condition]:
    """Conditions that differ from the main one in one respect each; those equal to it left out."""
    others = [
        replace(main, matrices="gaussian"),
        replace(main, matrices="orthogonal"),
        replace(main, bias=0.5),
        replace(main, activation="relu6", scale=6.0),
        replace(main, activation="leaky_relu"),
    ]
    if not main.matrices.endswith(".npy"):  # trained matrices take points of their own dimension
        others += [replace(main, points="circle"), replace(main, points="swiss_roll")]
    return [other for other in others if other != main]


# A statement that "holds when" holds as the paper means it where the paper itself grants the condition.
GRANTED = {
    "relu-collapse-volume": "the paper's own condition on null sets",
    "relu-collapse-bound": "the statement's own condition, m much larger than n",
}


def claimed(verdicts: Iterable[TheoryVerdict]) -> list[Verdict]:
    """The scoreboard's rows: a statement that holds only under a condition which the paper does not state is
    contradicted as it stands."""
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
