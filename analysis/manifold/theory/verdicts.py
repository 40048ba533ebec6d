"""What the checks say of each statement of section 3.2, Figure 1 and appendix A."""

from collections.abc import Sequence

from analysis.manifold.sweep import Bands, Condition, sweep
from analysis.manifold.theory.appendix import bound, interior, invertible, out_of, volume
from analysis.manifold.theory.checks import EXPANSION, Checks, theory_checks
from analysis.manifold.theory.operator import AFFINE_SHARE_OF_RELU
from analysis.manifold.theory.verdict import TheoryVerdict, holds_if


def theory_verdicts(
    checks: Checks | None = None, bands: Sequence[Bands] | None = None, seed: int = 0
) -> list[TheoryVerdict]:
    """A row for each statement of section 3.2, Figure 1 and appendix A, and for their parts.

    `bands` is a sweep of the default Condition with n = 2, 3, 15 and 30 among its dimensions. What is not given is
    computed: seconds.
    """
    checks = checks or theory_checks(seed)
    bands = bands or sweep(Condition(), (2, 3, 15, 30), seed=seed)
    return [
        *_line(checks),
        *interior(checks),
        *invertible(checks),
        *volume(checks),
        *bound(checks),
        *_operator(checks),
        *_figure1(bands),
    ]


def _line(checks: Checks) -> list[TheoryVerdict]:
    shares = ", ".join(f"{count.share:.3f} at {count.name} ({float(count.exact or 0):.3f})" for count in checks.lines)
    return [
        TheoryVerdict(
            "relu-line-ray", "", "3.2", "ReLU of a line has n joints in R^n, and is a ray in R^1.", "holds when",
            "the n sign changes are distinct and the line misses the orthant where all coordinates are <= 0, where "
            "it rests at the origin: with sign-symmetric coordinates that has probability 1 - (n+1)/2^n, 0 for n = "
            f"1 (always a ray) and near 1 from n = 8 on. Measured (closed form): {shares}; sampled curves agree with "
            f"the exact count on {out_of(checks.sampled)} lines.",
            {"point": [-1, -2], "direction": [1, 1], "joints in t": [1, 2], "bends": 1},
        ),
    ]  # fmt: skip


def _operator(checks: Checks) -> list[TheoryVerdict]:
    at = next(o for o in checks.operators if o.ratio == EXPANSION)
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


def _figure1(bands: Sequence[Bands]) -> list[TheoryVerdict]:
    at = {b.n: b for b in bands}

    # Fixed here: 40 % of the points lost are a loss, 1 % is none; nine pairs in ten off the image are a strong bend.
    informed = min(at[n].mean("lost") for n in (2, 3)) > 0.4 and max(at[n].mean("lost") for n in (15, 30)) < 0.01
    bent = min(at[n].mean("nonconvex") for n in (15, 30)) > 0.9

    def each(name: str, digits: int = 1) -> str:
        return ", ".join(f"{100 * at[n].mean(name):.{digits}f} % at n = {n}" for n in (2, 3, 15, 30))

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
