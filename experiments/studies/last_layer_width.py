"""Should the width multiplier reach the last convolution?

For multipliers below 1 the paper leaves the last convolution as it is and says that this improves small models (section
4). Here the brief network at widths 0.35, 0.5 and 0.75 has its last convolution at 160 channels or scaled. The full one
costs more. So a third arm of each width has the scaled last convolution and is widened to the same multiply-adds: what
would they have bought elsewhere? Channels are rounded to whole numbers.

    mnv2 study run last-layer-width

`mnv2 study show last-layer-width` prints what came out: `FOUND`, with its numbers from the stored runs. The answer is
written to results/tables/last-layer-width-cifar10-brief.md, its verdict to results/verdicts. The claim is judged at
equal width, as the paper says it. The comparison at equal cost is added.

What it does not show: ImageNet, where a thousand classes need more of the last layer than ten do.
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

FOUND = """
Nothing that these seeds could show. From the narrowest to the widest, full minus scaled is {0.35 full - 0.35 scaled;
0.5 full - 0.5 scaled; 0.75 full - 0.75 scaled} points. At equal cost it is {0.35 full - 0.35 scaled, equal cost; 0.5
full - 0.5 scaled, equal cost; 0.75 full - 0.75 scaled, equal cost}. With ten classes the full layer has {0.35 full /
0.35 scaled; 0.5 full / 0.5 scaled; 0.75 full / 0.75 scaled | MAdds | range} times the multiply-adds and {0.35 full /
0.35 scaled; 0.5 full / 0.5 scaled; 0.75 full / 0.75 scaled | parameters | range} times the parameters.
"""
