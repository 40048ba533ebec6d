"""What does each part buy after 1, 3, 10, 30 and 100 epochs?

Figure 6 of the paper says that its effects shrink with training. So one network with its parts taken away one by one
is trained at each budget, with a one-cycle schedule of that length, at the rate that the study learning-rate chooses.
The parts are the linear bottleneck, the shortcuts and their place, the linear bottleneck without shortcuts, and the
expansion: factors 1 and 3 at the multiply-adds of 6. A control has bottleneck shortcuts in as few blocks as shortcuts
between expansions have them. At 100 epochs five of the networks are trained.

    mnv2 study run budget-1          what came out: mnv2 study show budget-1
    mnv2 study run budget-3          what came out: mnv2 study show budget-3
    mnv2 study run budget-10         what came out: mnv2 study show budget-10
    mnv2 study run budget-30         what came out: mnv2 study show budget-30
    mnv2 study run budget-100        what came out: mnv2 study show budget-100

Seeds come in looks, at most 20, 12, 8, 5 and 3 of each arm. The rules were fixed in experiments/claims before the
runs. Each budget has an effect of interest, which is what its seeds can show. How often each verdict comes is in
results/tables/power-looks.md. How effects change from budget to budget is the question of
`experiments/measurements/effects`.

What it does not show: another network, another data set, and rates of their own for the arms.
"""

from collections.abc import Iterable

from analysis.arch import preset
from experiments.studies.learning_rate import NETWORKS, SMALL
from experiments.study import Study, like

MIDDLE = "t = 3, cost of width 1"
ARMS = NETWORKS | {MIDDLE: like(preset("brief", expansion=3, rounding=1), preset("brief"))}
LONGEST = ("linear", "relu6", SMALL, "expansion shortcut", "no shortcut")


def at(epochs: int, seeds: int, arms: Iterable[str] = ARMS) -> Study:
    """The study at one budget."""
    return Study(
        name=f"budget-{epochs}",
        question=f"What does each part buy after {epochs} epoch{'s' if epochs > 1 else ''}?",
        source="sections 3.2 to 3.4 and 6.4, Figure 6",
        recipe=f"tuned-{epochs}",
        arms={name: ARMS[name] for name in arms},
        seeds=range(seeds),
        looks=True,
    )


STUDIES = {study.name: study for study in (at(1, 20), at(3, 12), at(10, 8), at(30, 5), at(100, 3, LONGEST))}
