"""Is ReLU6 more robust than ReLU at low precision?

The paper prefers ReLU6 and names robustness at low precision as the reason (section 4): its results lie in 0 ... 6
whatever the weights are, those of ReLU may spread. Here both are trained alike in float32, then quantised
without further training to 8, 6 and 4 bits, weights and activations alike, and scored on the test images.
`analysis/nn/quantise.py` states the arithmetic; nothing in it is chosen by what test images say.

Judged is the plain way: the range of each activation tensor is all that 500 training images show, each output channel
of the weights has a scale of its own. That way the weights' error is small, and a single outlier widens a grid, which
is what the bound is said to prevent. Two others stand beside, as they may decide who wins: ranges clipped to the
99.9th percentile, with which ReLU's outliers need not cost anything; and one scale for each whole tensor of weights.

    mnv2 study run low-precision

The rule (experiments/claims, before the runs): what ReLU loses against its own float32 accuracy minus
what ReLU6 loses against its own, paired by seed, is above 0 at 8, at 6 and at 4 bits, Holm over the three; shown to be
within
half a point counts as no difference, so that a claim which holds at the lowest precision only is too strong.

What came out (five seeds): not as claimed. At 8 bits neither loses anything, and a difference of half a point is ruled
out, so the bound buys nothing there; that contradicts the claim by the rule. At 6 bits ReLU loses half a point more,
which five seeds do not tell from chance. At 4 bits both lose 12 points, seeds differ by 5, and nothing is told apart;
clipping at the 99.9th percentile gives either more than half of that back, which the choice of activation does not.

The answer is written to results/tables/low-precision-cifar10-low-precision.md, with the verdict beside it. What it does
not show: quantisation in training, with which either may recover; fixed-point hardware; networks trained beyond one
epoch, whose activations may spread further.
"""

from analysis.arch import preset
from analysis.tasks.low_precision.recipe import FLOAT, QuantisedRecipe
from experiments.study import Study, read_as

RECIPE = QuantisedRecipe()
ARMS = ("ReLU6", "ReLU")
WAYS = ("", ", clipped", ", per tensor")


def reading(bits: int, way: str = "") -> str:
    """Name of a score."""
    return f"{bits} bits{way}"


STUDY = Study(
    name="low-precision",
    question="Is ReLU6 more robust than ReLU at low precision?",
    source="section 4",
    recipe=RECIPE.name,
    arms={name: preset("brief", activation=name.lower()) for name in ARMS},
    readings={FLOAT: 32, **{precision.name: precision.bits for precision in RECIPE.precisions()}},
    beside=[
        (read_as(arm, reading(bits, way)), read_as(arm, FLOAT)) for way in WAYS for bits in RECIPE.bits for arm in ARMS
    ],
    x="bits of weights and activations (32: float)",
    lines={
        arm + way: [read_as(arm, FLOAT), *(read_as(arm, reading(bits, way)) for bits in RECIPE.bits)]
        for way in WAYS
        for arm in ARMS
    },
)
