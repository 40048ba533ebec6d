"""Where should the identity go: between bottlenecks, between expansions, nowhere?

The paper puts it between the narrow tensors. It finds that better than between the expanded ones, and both better than
none (sections 3.3 and 6.4, Figure 6b). "Between expansions" has two readings, which `MobileNetV2` defines. The default
one places the identity half a block later, the other starts after the depthwise convolution. Either way fewer blocks
have one than with bottleneck shortcuts, because the last identity of a stage has nowhere to go. The control
"bottleneck, matched" therefore has bottleneck shortcuts only where the expansion ones exist, so that position is all
that differs. Every arm exists at two depths, and no arm of one depth costs more than another.

    mnv2 study run shortcut-placement

`mnv2 study show shortcut-placement` prints what came out: `FOUND`, with its numbers from the stored runs. The answer is
written to results/tables/shortcut-placement-cifar10-brief.md, its verdict to results/verdicts. Its rules were fixed in
experiments/claims before the runs. The claim is judged on the default reading.

What it does not show: shortcuts help deep networks most, and these have 14 and 8 blocks. One epoch says how fast
networks learn as much as how well they end.
"""

from analysis.arch import preset
from experiments.study import Study

HALF = ((6, 8, 2, 1), (6, 16, 3, 2), (6, 16, 3, 2))
PLACEMENTS = {
    "bottleneck": "bottleneck",
    "expansion": "expansion",
    "expansion, after depthwise": "expansion_after_depthwise",
    "bottleneck, matched": "bottleneck_matched",
    "none": "none",
}
DEPTHS = {"": {}, ", half depth": {"rows": HALF}}

STUDY = Study(
    name="shortcut-placement",
    question="Where should the identity go: between bottlenecks, between expansions, nowhere?",
    source="sections 3.3 and 6.4, Figure 6b",
    arms={
        name + depth: preset("brief", shortcut=shortcut, **axes)
        for depth, axes in DEPTHS.items()
        for name, shortcut in PLACEMENTS.items()
    },
    beside=[
        (a + depth, b + depth)
        for depth in DEPTHS
        for a, b in (
            ("bottleneck", "none"),
            ("expansion", "none"),
            ("bottleneck, matched", "expansion"),
            ("bottleneck, matched", "expansion, after depthwise"),
        )
    ],
)

FOUND = """
The order of the paper holds at both depths. Bottlenecks lead expansions by {bottleneck - expansion} points, and
expansions lead none by {expansion - none}. At half depth the leads are {bottleneck, half depth - expansion, half depth;
expansion, half depth - none, half depth}.

With as many shortcuts on both sides (the control) bottlenecks lead by only {bottleneck, matched - expansion} and, at
half depth, {bottleneck, matched, half depth - expansion, half depth}. That position alone matters is not shown, nor
that it does not. The other reading, after the depthwise convolution, is far worse than either: the control leads it by
{bottleneck, matched - expansion, after depthwise}. Without shortcuts the deeper network is {none, half depth - none |
mean} points worse than the shallow one.
"""
