"""Where should the identity go: between bottlenecks, between expansions, nowhere?

The paper puts it between the narrow tensors and finds that better than between the expanded ones, and both better
than none (sections 3.3 and 6.4, Figure 6b). "Between expansions" has two readings, which `MobileNetV2` defines; the
default one places the identity half a block later, the other leaves behind the depthwise convolution. Either way
fewer blocks have one than bottleneck shortcuts do, because the last identity of a stage has nowhere to go. The
control "bottleneck, matched" therefore has bottleneck shortcuts only where the expansion ones exist: beside it,
position is all that differs. Everything stands at two depths; no arm of one depth costs more than another.

    mnv2 study run shortcut-placement

What came out (five seeds, one epoch): the order of the paper holds at both depths, by 1.9 points [1.0, 2.9] between
bottlenecks and expansions and by 12.4 [8.5, 16.4] between expansions and none at full depth, by 1.8 and 2.7 at half.
With as many shortcuts on both sides (the control) bottlenecks lead by 0.4 [-0.7, 1.5] and 0.1 [-1.2, 1.5] only: that
position alone matters is not shown, nor that it does not. The other reading, behind the depthwise convolution, is far
worse than either. Without shortcuts the deeper network is 11 points worse than the shallow one.

The answer is written to results/tables/shortcut-placement-cifar10-brief.md, with the verdict beside it; the rules were
fixed in experiments/claims before the runs. The claim is judged on the default reading.

What it does not show: shortcuts help deep networks most, and these have 14 and 8 blocks; one epoch says how fast
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
