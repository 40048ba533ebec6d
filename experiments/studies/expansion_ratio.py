"""How far should a block expand?

The paper takes 6 throughout. It says that factors between 5 and 10 give nearly identical performance curves, that
smaller networks do better with smaller factors, and larger ones with larger (section 4). Expansion below 1 is the
classical residual bottleneck, and above 1 the most useful (section 3.4). Here twelve factors meet three widths. A
larger factor costs more. So the three widths at factor 6 set budgets, and other factors meet them at widths of their
own: a curve of accuracy over multiply-adds for each factor. Widths other than 1 round channels to whole numbers.

    mnv2 study run expansion-ratio

`mnv2 study show expansion-ratio` prints what came out: `FOUND`, with its numbers from the stored runs. The answer is
written to results/tables/expansion-ratio-cifar10-brief.md, its verdicts to results/verdicts. Their rules were fixed in
experiments/claims before the runs. "Nearly identical" is judged at equal multiply-adds, at each budget, within one
point.

What it does not show: budgets beyond some 7 M multiply-adds, and training beyond one epoch.
"""

from analysis.arch import preset
from analysis.arch.mobilenet_v2 import MobileNetV2
from experiments.study import Study, like

FACTORS = (0.25, 0.5, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10)
WIDTHS = (1.0, 0.5, 1.5)
EQUAL = (0.5, 1, 3, 5, 8, 10)  # factors that meet the budgets of the three widths


def arm(width: float, factor: float, equal: bool = False) -> str:
    """Name of an arm."""
    return f"t = {factor:g}, " + (f"cost of width {width:g}" if equal else f"width {width:g}")


def network(width: float, factor: float) -> MobileNetV2:
    """The brief network at a width, every block expanding by `factor`."""
    return preset("brief", width=width, expansion=factor, rounding=8 if width == 1 else 1)


GRID = {arm(w, t): network(w, t) for w in WIDTHS for t in sorted(FACTORS, key=lambda t: t != 6)}
AT_COST = {
    arm(w, t, equal=True): like(preset("brief", expansion=t, rounding=1), network(w, 6)) for w in WIDTHS for t in EQUAL
}

STUDY = Study(
    name="expansion-ratio",
    question="How far should a block expand?",
    source="sections 3.4 and 4",
    arms={**GRID, **AT_COST},
    beside=[(arm(w, t, equal=True), arm(w, 6)) for w in WIDTHS for t in EQUAL],
    x="madds",
    lines={f"t = {t:g}": [arm(w, t, equal=t != 6) for w in sorted(WIDTHS)] for t in (0.5, 1, 3, 6, 10)},
)

FOUND = """
The claims are undecided, and the factor that wins is one that none is about. At equal multiply-adds the factors 3, 5, 8
and 10 differ from 6 by {t = 3, cost of width 0.5 - t = 6, width 0.5; t = 5, cost of width 0.5 - t = 6, width 0.5; t =
8, cost of width 0.5 - t = 6, width 0.5; t = 10, cost of width 0.5 - t = 6, width 0.5; t = 3, cost of width 1 - t = 6,
width 1; t = 5, cost of width 1 - t = 6, width 1; t = 8, cost of width 1 - t = 6, width 1; t = 10, cost of width 1 - t =
6, width 1; t = 3, cost of width 1.5 - t = 6, width 1.5; t = 5, cost of width 1.5 - t = 6, width 1.5; t = 8, cost of
width 1.5 - t = 6, width 1.5; t = 10, cost of width 1.5 - t = 6, width 1.5 | mean | range} points, none of which is
significant. "Nearly identical" within one point is neither shown nor refuted.

Factor 1, which drops the expanding convolution and spends its cost on width, leads 6 at all three budgets: {t = 1, cost
of width 0.5 - t = 6, width 0.5; t = 1, cost of width 1 - t = 6, width 1; t = 1, cost of width 1.5 - t = 6, width 1.5}
points. It has a third fewer layers, and at one epoch shorter networks lead (study families). After ten epochs
{ten-epochs: t = 1, cost of width 1 - linear} of it are left at the middle budget.

At width 1 expansion 0.5 costs {t = 6, width 1 - t = 0.5, width 1} points, but most of that is the cost that it saves.
Widened to the same multiply-adds it is {t = 6, width 0.5 - t = 0.5, cost of width 0.5; t = 6, width 1 - t = 0.5, cost
of width 1; t = 6, width 1.5 - t = 0.5, cost of width 1.5 | mean | range} points worse than factor 6, which is not shown
to be more than 0 at any budget. That smaller networks want smaller factors does not show: from the cost of width 0.5 to
that of 1.5 the lead of factor 10 over 5 grows by {t = 10, cost of width 1.5 - t = 5, cost of width 1.5 - t = 10, cost
of width 0.5 + t = 5, cost of width 0.5}.
"""
