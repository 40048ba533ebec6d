"""Can capacity and expressiveness be varied separately?

The paper calls the bottleneck's width a block's capacity and its expansion its expressiveness, and says that the two
can be varied separately, where separable and plain convolutions have one number for both (section 3.4). Three widths
meet five expansions; each has to buy accuracy on its own, whatever the other is. All networks are those of the study
expansion-ratio, so nothing is trained twice.

    mnv2 study run capacity-expressiveness

What came out (five seeds, one epoch): width buys accuracy whatever the expansion is, 6.4 points [4.3, 8.5] from 0.5 to
1.5 at t = 1 and 7.5 [5.7, 9.4] at t = 6. Expansion from 1 to 6 buys 3.6 [1.8, 5.4] at width 1.5; at widths 1 and 0.5 it
is 2.2 [-0.1, 4.5] and 2.5 [0.5, 4.5], which with the correction for five questions shows nothing yet, so the claim as
a whole is undecided. Unexpected: t = 1, which has no expansion convolution, is as accurate as t = 2 and 3 for a third
to a half of their multiply-adds, and the best buy below a million; whether that survives a longer training is open.

The answer is written to results/tables/capacity-expressiveness-cifar10-brief.md, with the verdict beside it; the rules
were fixed in experiments/claims before the runs. What it does not show: that the two are different things inside
the network; only that each moves accuracy where the other is held.
"""

from experiments.studies.expansion_ratio import WIDTHS, arm, network
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
