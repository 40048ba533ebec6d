"""Does a non-linearity in the bottleneck hurt?

The paper removes the activation behind the projection and says that putting it back costs several percent
(section 3.2, section 6.4, Figure 6a). Here the same network is trained with and without a ReLU6 behind every
projection; it acts before the addition of the shortcut. Nothing else differs, not even the counts.

    mnv2 study run linear-bottleneck

Ten trials of one epoch: about a quarter of an hour on two cores. What came out stands in
results/tables/linear-bottleneck-cifar10-brief.md, with the verdict beside it; the rule was fixed in
experiments/claims.py before the runs.

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
    },
)
