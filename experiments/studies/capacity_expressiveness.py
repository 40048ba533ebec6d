"""Can capacity and expressiveness be varied separately?

The paper calls the bottleneck's width a block's capacity and its expansion its expressiveness. It says that the two can
be varied separately, where separable and plain convolutions have one number for both (section 3.4). Three widths meet
five expansions. Each has to buy accuracy on its own, whatever the other is. All networks are those of the study
expansion-ratio, so nothing is trained twice.

    mnv2 study run capacity-expressiveness

`mnv2 study show capacity-expressiveness` prints what came out: `FOUND`, with its numbers from the stored runs. The
answer is written to results/tables/capacity-expressiveness-cifar10-brief.md, its verdict to results/verdicts. The rules
were fixed in experiments/claims before the runs.

What it does not show: that the two are different things inside the network. Each moves accuracy where the other is
held, and that is all.
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

FOUND = """
Width buys accuracy whatever the expansion is: from 0.5 to 1.5 it buys {t = 1, width 1.5 - t = 1, width 0.5} points at t
= 1 and {t = 6, width 1.5 - t = 6, width 0.5} at t = 6. Expansion from 1 to 6 buys {t = 6, width 1.5 - t = 1, width 1.5}
at width 1.5. At widths 1 and 0.5 it is {t = 6, width 1 - t = 1, width 1; t = 6, width 0.5 - t = 1, width 0.5}. With the
correction for five questions these two show nothing yet, so the claim as a whole is undecided.

Unexpected: t = 1, which has no expansion convolution, is more accurate than t = 2 at each width, by {t = 1, width 0.5 -
t = 2, width 0.5; t = 1, width 1 - t = 2, width 1; t = 1, width 1.5 - t = 2, width 1.5 | mean | range} points, for {t =
1, width 0.5 / t = 2, width 0.5; t = 1, width 1 / t = 2, width 1; t = 1, width 1.5 / t = 2, width 1.5 | MAdds | range}
of its multiply-adds. It is the best buy below a million of them. Ten epochs at equal cost leave a part of that (study
ten-epochs).
"""
