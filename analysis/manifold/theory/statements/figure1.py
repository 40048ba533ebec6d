"""Figure 1: "through ReLU in n dimensions a spiral loses information at n = 2, 3 and keeps it at n = 15 to 30".

Checked: measures of the spiral's image and of the way back over random matrices (`analysis.manifold.sweep`).
"""

from collections.abc import Sequence

from analysis.manifold.sweep import Bands
from analysis.manifold.theory.statements.verdict import TheoryVerdict, holds_if

DIMENSIONS = (2, 3, 15, 30)
# A loss: 40 % of the points; not a loss: 1 %. A strong bend: nine pairs in ten whose midpoint leaves the image.
LOST, KEPT, BENT = 0.4, 0.01, 0.9


def verdicts(bands: Sequence[Bands]) -> list[TheoryVerdict]:
    """What a sweep of the default Condition, with `DIMENSIONS` among its n, says of the figure."""
    at = {b.n: b for b in bands}
    informed = min(at[n].mean("lost") for n in (2, 3)) > LOST and max(at[n].mean("lost") for n in (15, 30)) < KEPT
    bent = min(at[n].mean("nonconvex") for n in (15, 30)) > BENT

    def each(name: str, digits: int = 1) -> str:
        return ", ".join(f"{100 * at[n].mean(name):.{digits}f} % at n = {n}" for n in DIMENSIONS)

    return [
        TheoryVerdict(
            "figure1-information-loss", "", "Fig. 1",
            "Through ReLU in n dimensions a spiral loses information at n = 2, 3 and keeps it at n = 15 to 30, "
            "where the transformation is highly non-convex.",
            holds_if(informed and bent, "holds when"),
            "the way back uses the active rows (Lemma 2) and non-convex is said of the image in R^n. Back by the "
            "pseudo-inverse, as drawn, the curve keeps an error and is the closer to the original the larger n: see "
            "parts.",
            {"n": 30, "error of the pseudo-inverse": at[30].mean("pseudoinverse")},
        ),
        TheoryVerdict(
            "figure1-information-loss", "information", "Fig. 1",
            "n = 2, 3 lose information, n = 15 to 30 keep it.", holds_if(informed),
            f"points that their image does not determine, mean over {bands[0].draws} matrices: {each('lost', 2)}; "
            f"points that merge with a distant one: {each('merged', 2)}.",
        ),
        TheoryVerdict(
            "figure1-information-loss", "non-convex", "Fig. 1", "n = 15 to 30 bend the image strongly.", holds_if(bent),
            f"pairs of points whose images' midpoint leaves the image: {each('nonconvex')}. The share of variance "
            f"that is not affine hardly depends on n: {each('nonlinear')}.",
        ),
        TheoryVerdict(
            "figure1-information-loss", "as drawn", "Fig. 1",
            "Back by the pseudo-inverse the curve is more strongly bent at n = 15 to 30 than at n = 2, 3.",
            holds_if(at[30].mean("back_nonlinear") > at[3].mean("back_nonlinear")),
            f"non-affine share of the curve drawn: {each('back_nonlinear')}. It falls like 1/n.",
            {"n": 30, "mean non-affine share": at[30].mean("back_nonlinear")},
        ),
    ]  # fmt: skip
