"""Does a non-linearity in the bottleneck hurt, and less so where there are shortcuts?

The paper removes the activation behind the projection and says that putting it back costs several percent (section
3.2, section 6.4, Figure 6a), less where shortcuts carry the input past it (footnote in section 3.2). Here the same
network is trained with nothing, a ReLU6 or a ReLU behind every projection, before the addition of the shortcut; with
a ReLU6 behind the addition; and without shortcuts. No arm costs a multiply-add or a parameter more than another.
Without shortcuts there is no addition, so the ReLU6 behind it would be the one before it.

    mnv2 study run linear-bottleneck

What came out (five seeds, one epoch): behind the projection a ReLU6 costs 6.9 points [5.1, 8.7] and a ReLU as much;
behind the addition, where it is also in the way of the shortcut, it costs 9.3 [7.2, 11.4]. That shortcuts make the
loss smaller is not shown: it is 6.6 without them and 6.9 with them, a difference of -0.3 [-4.4, 3.8], and the networks
without shortcuts vary so much that five seeds could only have shown one of 6.7. After ten epochs it is
shown (study ten-epochs).

The answer is written to results/tables/linear-bottleneck-cifar10-brief.md, with the verdicts beside it; the rules were
fixed in experiments/claims before the runs.

What it does not show: one epoch of CIFAR-10 on a network of 3 M multiply-adds says whether the direction holds
early in training at this size, not how large the effect is on ImageNet after full training.
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
