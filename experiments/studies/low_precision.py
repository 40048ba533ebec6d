"""Is ReLU6 more robust than ReLU at low precision?

The paper prefers ReLU6 and names robustness at low precision as the reason (section 4). Results of ReLU6 lie in 0 ... 6
whatever the weights are, those of ReLU may spread. Here both are trained alike in float32. Then they are quantised
without further training to 8, 6 and 4 bits, weights and activations alike, and scored on the test images.
`analysis/nn/quantise.py` states the arithmetic. Nothing in it is chosen by the test images.

The plain way is judged: the range of each activation tensor is all that 500 training images show, and each output
channel of the weights has a scale of its own. That way the weights' error is small, and a single outlier widens a grid,
which is what the bound is said to prevent. Two other ways are added, as they may decide who wins. In one, ranges are
clipped to the 99.9th percentile, with which ReLU's outliers need not cost anything. In the other, each whole tensor of
weights has one scale.

    mnv2 study run low-precision

The rule (experiments/claims, before the runs) compares what ReLU loses against its own float32 accuracy with what ReLU6
loses against its own, paired by seed. The claim holds where the first is larger at 8, at 6 and at 4 bits, Holm over the
three. A difference shown to be within half a point counts as none, so that a claim which holds at the lowest precision
only is too strong.

`mnv2 study show low-precision` prints what came out: `FOUND`, with its numbers from the stored runs. The answer is
written to results/tables/low-precision-cifar10-low-precision.md, its verdict to results/verdicts.

What it does not show: quantisation in training, with which either may recover. Fixed-point hardware. Networks trained
beyond one epoch, whose activations may spread further.
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

FOUND = """
Not as claimed. At 8 bits ReLU6 loses {ReLU6, float - ReLU6, 8 bits} points and ReLU {ReLU, float - ReLU, 8 bits}. Their
difference is {ReLU, float - ReLU, 8 bits - ReLU6, float + ReLU6, 8 bits}, so one of half a point is ruled out and the
bound buys nothing there. That contradicts the claim by the rule. At 6 bits ReLU loses {ReLU, float - ReLU, 6 bits -
ReLU6, float + ReLU6, 6 bits} points more, which is not significant.

At 4 bits both lose about as much, {ReLU6, float - ReLU6, 4 bits; ReLU, float - ReLU, 4 bits | mean}, and the difference
is {ReLU, float - ReLU, 4 bits - ReLU6, float + ReLU6, 4 bits}. Clipping at the 99.9th percentile gives either more than
half of that back: {ReLU6, 4 bits, clipped - ReLU6, 4 bits; ReLU, 4 bits, clipped - ReLU, 4 bits}. The choice of
activation does not.
"""
