"""Should the width multiplier reach the last convolution?

For multipliers below 1 the paper leaves the last convolution as it is and says that this improves small models
(section 4). Here the brief network at widths 0.35, 0.5 and 0.75 has its last convolution at 160 channels or scaled.
The full one costs more; so a third arm of each width has the scaled last convolution and is widened to the same
multiply-adds: what would the money have bought elsewhere? Channels are rounded to whole numbers.

    mnv2 study run last-layer-width

What came out (five seeds, one epoch): nothing that five seeds could show. Full minus scaled is +1.1 points [-0.7, 2.9]
at width 0.35, +1.6 [-1.2, 4.3] at 0.5 and -0.3 [-2.6, 2.1] at 0.75; at equal cost +1.5 [-1.0, 4.0], +0.8 [-0.6, 2.3]
and -0.5 [-2.3, 1.3]. With ten classes the choice moves some 1 % of the multiply-adds and up to an eighth of the
parameters.

The answer is written to results/tables/last-layer-width-cifar10-brief.md, with the verdict beside it. The claim is
judged at equal width, as the paper says it; the comparison at equal cost stands beside. What it does not show:
ImageNet, where a thousand classes need more of the last layer than ten do.
"""

from analysis.arch import preset
from experiments.study import Study, like


def arms(width: float) -> dict:
    """The three arms of a width."""
    full = preset("brief", width=width, rounding=1)
    scaled = preset("brief", width=width, rounding=1, last_width="scaled")
    return {f"{width} full": full, f"{width} scaled": scaled, f"{width} scaled, equal cost": like(scaled, full)}


WIDTHS = (0.35, 0.5, 0.75)

STUDY = Study(
    name="last-layer-width",
    question="Should the width multiplier reach the last convolution?",
    source="section 4",
    arms={name: variant for width in WIDTHS for name, variant in arms(width).items()},
    beside=[pair for w in WIDTHS for pair in ((f"{w} full", f"{w} scaled"), (f"{w} full", f"{w} scaled, equal cost"))],
    x="madds",
    lines={kind: [f"{width} {kind}" for width in WIDTHS] for kind in ("full", "scaled", "scaled, equal cost")},
)
