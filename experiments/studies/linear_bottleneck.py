"""Does a non-linearity in the bottleneck hurt, and less so where there are shortcuts?

The paper removes the activation after the projection and says that putting it back costs several percent (sections 3.2
and 6.4, Figure 6a). The cost is said to be smaller where shortcuts carry the input past it (footnote in section 3.2).
Here the same network is trained with nothing, a ReLU6 or a ReLU after every projection, before the shortcut is added.
Another arm has a ReLU6 after the addition. Three more have no shortcuts, hence no addition: a ReLU6 after it would be
the one before it. No arm costs a multiply-add or a parameter more than another.

    mnv2 study run linear-bottleneck

`mnv2 study show linear-bottleneck` prints what came out: `FOUND`, with its numbers from the stored runs. The answer is
written to results/tables/linear-bottleneck-cifar10-brief.md, its verdicts to results/verdicts. Their rules were fixed
in experiments/claims before the runs.

What it does not show: one epoch of CIFAR-10 on a network of 3 M multiply-adds says whether the direction holds early in
training at this size. It does not say how large the effect is on ImageNet after full training.
"""

from analysis.arch import preset
from experiments.study import Study

STUDY = Study(
    name="linear-bottleneck",
    question="Does a non-linearity in the bottleneck hurt?",
    source="sections 3.2 and 6.4, Figure 6a",
    arms={
        "linear": preset("brief"),
        "relu6": preset("brief", projection="relu6"),
        "relu": preset("brief", projection="relu"),
        "relu6 after the addition": preset("brief", projection="relu6_after_addition"),
        "linear, no shortcut": preset("brief", shortcut="none"),
        "relu6, no shortcut": preset("brief", projection="relu6", shortcut="none"),
        "relu, no shortcut": preset("brief", projection="relu", shortcut="none"),
    },
    beside=[
        ("linear", "linear, no shortcut"),
        ("relu6, no shortcut", "linear, no shortcut"),
        ("relu, no shortcut", "linear, no shortcut"),
    ],
)

FOUND = """
After the projection a ReLU6 costs {linear - relu6} points and a ReLU as much, {linear - relu}. After the addition,
where it is also in the way of the shortcut, a ReLU6 costs {linear - relu6 after the addition}.

That shortcuts make the loss smaller is not shown. The ReLU6 costs {linear, no shortcut - relu6, no shortcut | mean}
points without them and {linear - relu6 | mean} with them, a difference of {linear, no shortcut - relu6, no shortcut -
linear + relu6}. Networks without shortcuts vary so much that a test of this alone could only have shown one of {linear,
no shortcut - relu6, no shortcut - linear + relu6 | detectable}. After ten epochs it is shown: there the difference is
{ten-epochs: no shortcut - relu6, no shortcut - linear + relu6}.
"""
