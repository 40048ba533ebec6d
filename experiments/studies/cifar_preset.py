"""Do the parts buy as much in the network of the CIFAR literature?

The other studies train 3 M multiply-adds. The network that people train on CIFAR-10 keeps the strides of the first
stages at 1 (preset `cifar`), which at width 0.35 is 15.6 M multiply-adds. Its linear bottleneck (section 3.2) and its
shortcuts (section 3.3) are taken away as in the study budget-30, after as many epochs and by the same recipe.

    mnv2 study run cifar-preset

`mnv2 study show cifar-preset` prints the differences between the arms.
The rules were fixed in experiments/claims before the runs: the same sides as the paper has. Whether each effect is
within a factor of two of that in budget-30 is judged by `experiments/measurements/effects`.

What it does not show: the accuracy that this network reaches in the literature, which takes some 200 epochs and the
full width.
"""

from analysis.arch import preset
from experiments.study import Study

STUDY = Study(
    name="cifar-preset",
    question="Do the parts buy as much in the network of the CIFAR literature?",
    source="sections 3.2, 3.3 and 6.4, Figure 6",
    recipe="tuned-30",
    arms={
        "linear": preset("cifar", width=0.35),
        "relu6": preset("cifar", width=0.35, projection="relu6"),
        "expansion shortcut": preset("cifar", width=0.35, shortcut="expansion"),
        "no shortcut": preset("cifar", width=0.35, shortcut="none"),
    },
    seeds=range(3),
    looks=True,
)
