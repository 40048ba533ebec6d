"""Can capacity and expressiveness be varied separately?

The paper calls the bottleneck's width a block's capacity and its expansion its expressiveness, and says that the two
can be varied separately, where separable and plain convolutions have one number for both (section 3.4). Three widths
meet five expansions; each has to buy accuracy on its own, whatever the other is. All networks are those of the study
expansion-ratio, so nothing is trained twice.

    mnv2 study run capacity-expressiveness

The answer is written to results/tables/capacity-expressiveness-cifar10-brief.md, with the verdict beside it; the rules
were fixed in experiments/claims.py before the runs. What it does not show: that the two are different things inside
the network; only that each moves accuracy where the other is held.
"""

from experiments.expansion_ratio import WIDTHS, arm, network
from experiments.study import Study

FACTORS = (1, 2, 3, 6, 10)

STUDY = Study(
    name="capacity-expressiveness",
    question="Can capacity (width) and expressiveness (expansion) be varied separately?",
    source="section 3.4",
    arms={arm(w, t): network(w, t) for w in WIDTHS for t in sorted(FACTORS, key=lambda t: t != 6)},
    x="madds",
    lines={f"width {w:g}, t = 1 to 10": [arm(w, t) for t in FACTORS] for w in sorted(WIDTHS)},
)
