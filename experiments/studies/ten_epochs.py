"""Do the answers to the headline questions hold after ten epochs?

The other studies train for one epoch and say how fast networks learn as much as how well they end. Here the arms that
decide their claims are trained ten times as long. They are linear or ReLU6 after the projection, each with and without
shortcuts (sections 3.2 and 6.4, Figure 6a). They are shortcuts between bottlenecks, between expansions, none (Figure
6b). And there is an expansion of 1 at the multiply-adds of 6, which at one epoch bought most below a million (section
3.4).

    mnv2 study run ten-epochs

`mnv2 study show ten-epochs` prints what came out: `FOUND`, with its numbers from the stored runs. The answer is written
to results/tables/ten-epochs-cifar10-short.md, its verdicts to results/verdicts. The rules were fixed in
experiments/claims before the runs and are those of the studies at one epoch.

What it does not show: training until nothing more is gained, for which the usual 200 epochs (recipe full) need a GPU.
Nor the other depths, widths and arms of those studies.
"""

from analysis.arch import preset
from experiments.studies.headline import STUDY as HEADLINE
from experiments.studies.learning_rate import NETWORKS, SMALL
from experiments.study import Study

STUDY = Study(
    name="ten-epochs",
    question="Do the answers to the headline questions hold after ten epochs?",
    source="sections 3.2 to 3.4 and 6.4, Figure 6",
    recipe="short",
    arms={
        **HEADLINE.arms,
        "relu6, no shortcut": preset("brief", projection="relu6", shortcut="none"),
        SMALL: NETWORKS[SMALL],
    },
    beside=[
        ("linear", "no shortcut"),
        ("expansion shortcut", "no shortcut"),
        ("no shortcut", "relu6, no shortcut"),
        (SMALL, "linear"),
    ],
)

FOUND = """
The answers hold, and one that one epoch left open is decided. A ReLU6 in the bottleneck costs {linear - relu6} points,
half of what it does at one epoch. Shortcuts between expansions cost {linear - expansion shortcut} and none {linear - no
shortcut}. Without shortcuts the ReLU6 costs {no shortcut - relu6, no shortcut}. So shortcuts do make its loss smaller,
by {no shortcut - relu6, no shortcut - linear + relu6}, as the paper's footnote says. At one epoch both losses were
alike.

No part of the paper foresees this: at the multiply-adds of factor 6 a factor of 1 still leads, by {t = 1, cost of width
1 - linear} points where it was {expansion-ratio: t = 1, cost of width 1 - t = 6, width 1 | mean}, with {t = 1, cost of
width 1 / linear | parameters} times the parameters.
"""
