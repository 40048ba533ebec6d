"""Which peak learning rate suits the networks, and does a conclusion depend on it?

The paper names one rate, for ImageNet (section 6.1). The recipes brief and short take 0.1 for every network, and
nothing says why. Here the seven networks that decide the
trained claims meet four peak rates. They are linear or ReLU6 after the projection, each with and without shortcuts.
They are shortcuts between expansions, and bottleneck shortcuts in as few blocks. And there is an expansion of 1 at the
multiply-adds of 6. Each trains for one epoch and for ten, on two seeds that no other study has.

    mnv2 study run learning-rate

`mnv2 study show learning-rate` prints the accuracy at each rate and which rates are chosen.
Runs are compared by the training images that are held out, never by the test images. Two rules were fixed before the
runs (`experiments/answers/rates.py`). The common rate is the one with the highest mean over networks and epochs. The
recipes tuned-N have it. Each network's own rate is its best one at ten epochs. A conclusion is the side of a
difference to the first network at one budget. It holds where it is shown at every rate and at own rates. It depends on
the rate where both sides are shown. How often each comes under stated truths is in results/tables/power-rates.md.

What it does not show: rates between the four, other schedules, weight decay. An own rate is chosen by the runs that
compare it, which favours every network a little.
"""

from dataclasses import replace

from analysis.arch import preset
from analysis.tasks.recipes import recipe
from experiments.study import Study, crossed, like

RATES = (0.03, 0.1, 0.3, 0.6)
SMALL = "t = 1, cost of width 1"  # as the study expansion-ratio calls it, which would solve for fifteen such widths

NETWORKS = {
    "linear": preset("brief"),
    "relu6": preset("brief", projection="relu6"),
    "expansion shortcut": preset("brief", shortcut="expansion"),
    "matched shortcut": preset("brief", shortcut="bottleneck_matched"),
    "no shortcut": preset("brief", shortcut="none"),
    "relu6, no shortcut": preset("brief", projection="relu6", shortcut="none"),
    SMALL: like(preset("brief", expansion=1, rounding=1), preset("brief")),
}

BUDGETS = {"brief": "1 epoch", "short": "10 epochs"}  # by recipe

_ONE, _TEN = (
    crossed(
        {f"{name}, {budget}": variant for name, variant in NETWORKS.items()},
        [replace(recipe(base), name=f"{base}-rate-{rate:g}", peak_rate=rate) for rate in RATES],
        "peak_rate",
    )
    for base, budget in BUDGETS.items()
)

STUDY = Study(
    name="learning-rate",
    question="Which peak learning rate suits the networks, and does a conclusion depend on it?",
    source="section 6.1 names a rate for ImageNet alone",
    arms=_ONE["arms"] | _TEN["arms"],
    recipes=_ONE["recipes"] | _TEN["recipes"],
    x="peak_rate",
    lines=_ONE["lines"] | _TEN["lines"],
    seeds=(900, 901),
    chooses={f"{name}, {budget}": (name, budget) for budget in BUDGETS.values() for name in NETWORKS},
)
