"""The headline questions: ReLU6 or linear bottlenecks? Shortcuts between bottlenecks, between expansions, or none?

Four networks answer them: the paper's, the one with a ReLU6 behind every projection (section 3.2, Figure 6a), the one
whose identities join expanded tensors, and the one without identities (section 3.3, Figure 6b). None of the changes
costs a multiply-add or a parameter.

    mnv2 run
    mnv2 run --fresh-seeds 100     again, on seeds that nobody has seen

The answer is written to results/tables/headline-cifar10-brief.md. What it does not show: one epoch of CIFAR-10 on a
network of 3 M multiply-adds says whether the direction holds early in training at this size, not how large the
effects are on ImageNet after full training. The studies linear-bottleneck and shortcut-placement go further into each.
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
