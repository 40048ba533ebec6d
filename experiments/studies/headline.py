"""The headline questions: ReLU6 or linear bottlenecks? Shortcuts between bottlenecks, between expansions, or none?

Four networks answer them. One is the paper's. One has a ReLU6 after every projection (section 3.2, Figure 6a). In one
the identities join expanded tensors, and one has no identities (section 3.3, Figure 6b). None of the changes costs a
multiply-add or a parameter.

    mnv2 run
    mnv2 run --fresh-seeds 100     again, on seeds that nobody has seen
    mnv2 run --recipe short        again, after ten epochs

`mnv2 study show headline` prints what came out: `FOUND`, with its numbers from the stored runs. The answer is written
to results/tables/headline-cifar10-brief.md.

What it does not show: a network of 3 M multiply-adds on CIFAR-10, trained briefly, says whether the direction holds at
this size. It does not say how large the effects are on ImageNet after full training. The studies linear-bottleneck,
shortcut-placement and ten-epochs go further into each question.
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
    seeds=range(40),
    looks=True,
    fresh=[100],
)

FOUND = """
The paper is right in each. A ReLU6 costs {linear - relu6} points, shortcuts between expansions cost {linear - expansion
shortcut}, and no shortcuts {linear - no shortcut}. On fresh seeds the three losses are {headline, seeds 100: linear -
relu6}, {headline, seeds 100: linear - expansion shortcut} and {headline, seeds 100: linear - no shortcut}. After ten
epochs they are {ten-epochs: linear - relu6}, {ten-epochs: linear - expansion shortcut} and {ten-epochs: linear - no
shortcut}. The losses shrink with training, that of a missing shortcut least.
"""
