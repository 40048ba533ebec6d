"""Which family is the most accurate at equal cost?

MobileNetV1 stacks depthwise separable convolutions, ShuffleNet v1 groups and shuffles its 1 x 1 convolutions,
MobileNetV2 inverts residuals. Plain 3 x 3 convolutions are what all three save on. Here each gets the multiply-adds of
the brief MobileNetV2 at widths 0.5, 1 and 1.5, by the width at which it comes closest (within 3.5 %). The table has the
achieved counts and the parameters.

What is alike: a first convolution of stride 2, as many blocks at 16, 8 and 4 pixels (2, 6, 6), batch normalisation,
recipe, seeds. What each keeps from its paper: its block, its activation, channels that double where the resolution
halves (but for MobileNetV2, which has the rows of the preset), identities or none, MobileNetV2's last convolution,
ShuffleNet's three groups. ShuffleNet's stage at 16 pixels joins its input and its output as the others do, unpooled. A
family without identities may want fewer blocks, so at the middle budget each is trained with half of them too (2, 3,
3), widened to the same cost.

    mnv2 study run families

`mnv2 study show families` prints what came out: `FOUND`, with its numbers from the stored runs. The answer is written
to results/tables/families-cifar10-brief.md. The paper compares families on ImageNet (Table 4) and claims nothing about
budgets as small as these, so no claim is judged. Differences are printed below the table.

What it does not show: hyper-parameters of each family's own (all take the recipe of the brief network), training beyond
one epoch, larger images.
"""

from analysis.arch import Variant, preset
from analysis.arch.mobilenet_v1 import MobileNetV1, Plain
from analysis.arch.shufflenet_v1 import ShuffleNetV1
from experiments.studies.expansion_ratio import network
from experiments.studies.shortcut_placement import HALF
from experiments.study import Study, like

WIDTHS = (1.0, 0.5, 1.5)  # of the brief MobileNetV2, whose multiply-adds are the budgets
BLOCKS = {"": (2, 6, 6), ", half depth": (2, 3, 3)}  # at 16, 8 and 4 pixels
FAMILIES = ("MobileNetV1", "ShuffleNet", "plain")


def family(name: str, blocks: tuple[int, int, int]) -> Variant:
    """The family's network for 32 x 32 images with so many blocks at 16, 8 and 4 pixels, at a width to be chosen."""
    if name == "ShuffleNet":
        return ShuffleNetV1(resolution=32, classes=10, repeats=blocks, strides=(1, 2, 2), stem_pool=False)
    rows = tuple(
        (channels, stride if index == 0 else 1)
        for channels, stride, repeats in zip((32, 64, 128), (1, 2, 2), blocks, strict=True)
        for index in range(repeats)
    )
    cls = MobileNetV1 if name == "MobileNetV1" else Plain
    return cls(resolution=32, classes=10, rows=rows, stem=16, rounding=1)


def arm(name: str, width: float, depth: str = "") -> str:
    """Name of an arm."""
    return f"{name}, cost of width {width:g}{depth}"


STUDY = Study(
    name="families",
    question="Which family is the most accurate at equal cost?",
    source="an open question; Table 4 asks it of ImageNet",
    arms={
        **{arm("MobileNetV2", width): network(width, 6) for width in WIDTHS},
        **{
            arm(name, width): like(family(name, BLOCKS[""]), network(width, 6)) for name in FAMILIES for width in WIDTHS
        },
        arm("MobileNetV2", 1, ", half depth"): like(preset("brief", rows=HALF, rounding=1), network(1, 6)),
        **{
            arm(name, 1, depth): like(family(name, blocks), network(1, 6))
            for name in FAMILIES
            for depth, blocks in BLOCKS.items()
            if depth
        },
    },
    beside=[
        *((arm("MobileNetV2", width), arm(name, width)) for width in sorted(WIDTHS) for name in FAMILIES),
        *((arm(name, 1, ", half depth"), arm(name, 1)) for name in ("MobileNetV2", *FAMILIES)),
        *((arm("MobileNetV2", 1), arm(name, 1, ", half depth")) for name in FAMILIES),
    ],
    x="madds",
    lines={name: [arm(name, width) for width in sorted(WIDTHS)] for name in ("MobileNetV2", *FAMILIES)},
)

FOUND = """
No family wins at every budget and depth. With rising cost MobileNetV2 leads MobileNetV1 by {MobileNetV2, cost of width
0.5 - MobileNetV1, cost of width 0.5; MobileNetV2, cost of width 1 - MobileNetV1, cost of width 1; MobileNetV2, cost of
width 1.5 - MobileNetV1, cost of width 1.5} points at full depth, and plain convolutions by {MobileNetV2, cost of width
0.5 - plain, cost of width 0.5; MobileNetV2, cost of width 1 - plain, cost of width 1; MobileNetV2, cost of width 1.5 -
plain, cost of width 1.5}. Its difference to ShuffleNet is not significant at any: {MobileNetV2, cost of width 0.5 -
ShuffleNet, cost of width 0.5; MobileNetV2, cost of width 1 - ShuffleNet, cost of width 1; MobileNetV2, cost of width
1.5 - ShuffleNet, cost of width 1.5}.

But the depth was MobileNetV2's. With half as many blocks, widened, every family gains, plain convolutions {plain, cost
of width 1, half depth - plain, cost of width 1 | mean} points and MobileNetV1 {MobileNetV1, cost of width 1, half depth
- MobileNetV1, cost of width 1 | mean}. Then plain, ShuffleNet and MobileNetV2 all reach {plain, cost of width 1, half
depth; ShuffleNet, cost of width 1, half depth; MobileNetV2, cost of width 1, half depth | mean | range} percent,
MobileNetV1 {MobileNetV1, cost of width 1, half depth | mean}. So in one epoch short and wide networks pay, and most of
what MobileNetV2 leads by is that it bears depth. Counted in parameters it is ahead: {MobileNetV2, cost of width 1, half
depth | parameters} for what takes plain convolutions {plain, cost of width 1, half depth | parameters}.
"""
