"""How does accuracy follow multiply-adds over widths and resolutions?

Figure 5 of the paper draws accuracy on ImageNet against multiply-adds for widths from 0.35 to 1.4 and resolutions
from 96 to 224 pixels. Here the same two knobs turn the brief network on CIFAR-10: five widths, and images of 16, 24
and 32 pixels, scaled down by averaging over areas. Channels are rounded to whole numbers, not to multiples of 8, as
this network is narrow.

    mnv2 study run width-resolution

What came out (five seeds, one epoch): over a factor of 34 in multiply-adds accuracy goes from 36.3 % [34.0, 38.5] to
49.3 % [48.0, 50.6], 2.6 points for each doubling, and the curves of the three resolutions nearly lie on one another.
The five widths on 16 x 16 pixels are all on the front with probabilities of 0.91 and more; width 0.35 on 24 pixels
(0.22) and on 32 (0.003) is not: few multiply-adds are better spent on width than on pixels. From three million on
only larger images are left, and they are on the front as surely.

The answer is written to results/tables/width-resolution-cifar10-brief.md: for each network its probability of being
on the Pareto front. What it does not show: ImageNet at full training; the published points of Figure 5 are other
networks on other data, and only the shape of the curves can be set beside them.
"""

from analysis.arch import preset
from experiments.study import Study

WIDTHS = (0.35, 0.5, 0.75, 1.0, 1.4)
RESOLUTIONS = (32, 24, 16)


def arm(width: float, resolution: int) -> str:
    """Name of an arm."""
    return f"{width:g} at {resolution}"


STUDY = Study(
    name="width-resolution",
    question="How does accuracy follow multiply-adds over widths and resolutions?",
    source="section 6.1, Figure 5",
    arms={
        arm(width, resolution): preset(
            "brief", width=width, resolution=resolution, **({} if width == 1 else {"rounding": 1})
        )
        for width in sorted(WIDTHS, key=lambda width: width != 1)
        for resolution in RESOLUTIONS
    },
    x="madds",
    lines={f"{r} x {r} pixels": [arm(width, r) for width in WIDTHS] for r in RESOLUTIONS},
)
