"""The headline questions: ReLU6 or linear bottlenecks? Shortcuts between bottlenecks, between expansions, or none?

Four networks answer them: the paper's, the one with a ReLU6 behind every projection (section 3.2, Figure 6a), the one
whose identities join expanded tensors, and the one without identities (section 3.3, Figure 6b). None of the changes
costs a multiply-add or a parameter.

    mnv2 run
    mnv2 run --fresh-seeds 100     again, on seeds that nobody has seen
    mnv2 run --recipe short        again, after ten epochs

What came out (five seeds): the paper is right in each. After one epoch a ReLU6 costs 6.9 points [5.1, 8.7], shortcuts
between expansions 1.9 [1.0, 2.9], none 14.4 [10.1, 18.7]; on five fresh seeds 6.7 [4.4, 9.0], 1.8 [0.2, 3.4] and 11.8
[8.6, 15.0]; after ten epochs 3.5 [2.8, 4.2], 1.2 [0.4, 2.0] and 10.6 [9.7, 11.4], so the losses shrink with training,
that of a missing shortcut least.

The answer is written to results/tables/headline-cifar10-brief.md. What it does not show: CIFAR-10 on a network of 3 M
multiply-adds, trained briefly, says whether the direction holds at this size, not how large the effects are on
ImageNet after full training. The studies linear-bottleneck, shortcut-placement and ten-epochs go further into each.
"""

from analysis.arch import preset
from experiments.study import Study

STUDY = Study(
    name="headline",
    question="ReLU6 or linear bottlenecks? Shortcuts between bottlenecks, between expansions, or none?",
    source="sections 3.2, 3.3 and 6.4, Figure 6",
    arms={
        "linear": preset("brief"),
        "relu6": preset("brief", projection="relu6"),
        "expansion shortcut": preset("brief", shortcut="expansion"),
        "no shortcut": preset("brief", shortcut="none"),
    },
    fresh=[100],
)
