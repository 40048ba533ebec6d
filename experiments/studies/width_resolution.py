"""How does accuracy follow multiply-adds over widths and resolutions?

Figure 5 of the paper draws accuracy on ImageNet against multiply-adds for widths from 0.35 to 1.4 and resolutions from
96 to 224 pixels. Here the same two choices are varied for the brief network on CIFAR-10: five widths, and images of 16,
24 and 32 pixels, scaled down by averaging over areas. Channels are rounded to whole numbers, not to multiples of 8, as
this network is narrow.

    mnv2 study run width-resolution

`mnv2 study show width-resolution` prints what came out: `FOUND`, with its numbers from the stored runs. The answer is
written to results/tables/width-resolution-cifar10-brief.md: for each network its probability of being on the Pareto
front. The figure has the published points of Figure 5 in a panel of their own. They are other networks on other data,
so only the shape of the curves can be compared.

What it does not show: ImageNet at full training.
"""

from analysis.arch import preset
from analysis.reference import table
from experiments.study import Study

WIDTHS = (0.35, 0.5, 0.75, 1.0, 1.4)
RESOLUTIONS = (32, 24, 16)


def arm(width: float, resolution: int) -> str:
    """Name of an arm."""
    return f"{width:g} at {resolution}"


def figure5(resolution: int) -> list[tuple[float, float]]:
    """(multiply-adds, top-1 in percent) of the published MobileNetV2 at a resolution, cheapest first."""
    rows = [r for r in table("figure5_points") if (r["family"], r["resolution"]) == ("MobileNetV2", str(resolution))]
    return sorted((1e6 * float(row["madds_m_digitized"]), float(row["top1_digitized"])) for row in rows)


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
    published={f"{r} x {r} pixels": figure5(r) for r in (224, 192, 160, 128, 96)},
    published_by="MobileNetV2 on ImageNet, read off Figure 5",
)

FOUND = """
Over a factor of {1.4 at 32 / 0.35 at 16 | MAdds} in multiply-adds accuracy goes from {0.35 at 16} to {1.4 at 32}
percent. The curves of the three resolutions nearly lie on one another, as the published ones do. The five widths on 16
x 16 pixels are on the front with probabilities of {0.35 at 16; 0.5 at 16; 0.75 at 16; 1 at 16; 1.4 at 16 | on front |
lowest} and more. Width 0.35 on 24 pixels ({0.35 at 24 | on front}) and on 32 ({0.35 at 32 | on front}) is not: few
multiply-adds are better spent on width than on pixels. The dearest network with full images, width 1.4 on 32 pixels, is
on it with {1.4 at 32 | on front}.
"""
