"""`mnv2 draw`: pictures of a network and of its blocks."""

from pathlib import Path
from typing import Annotated, Literal

import tyro

from analysis.arch import Plan, label, parse_variant, unroll
from analysis.arch.plan import Block
from analysis.problem import Problem
from experiments.answers.names import file_name
from experiments.commands.options import Network

# A block of each family at 14 x 14 pixels: title -> variant, block.
FAMILY_BLOCKS = {
    "full convolution": ("plain()", "full8"),
    "separable (MobileNetV1)": ("mobilenet_v1()", "separable8"),
    "ShuffleNet unit": ("shufflenet_v1(groups=3)", "stage3_unit2"),
    "bottleneck residual": ("mobilenet_v2(expansion=0.25)", "bottleneck12"),
    "inverted residual": ("mobilenet_v2()", "bottleneck12"),
}


def main(
    network: Annotated[Network, tyro.conf.OmitArgPrefixes] = Network(),  # noqa: B008 (frozen)
    families: bool = False,
    blocks: tuple[str, ...] = (),
    style: Literal["paper", "slides"] = "paper",
    results: Path = Path("results"),
) -> None:
    """Draw a network as a strip, and its kinds of blocks side by side, as SVG, PDF and PNG.

    Args:
        network: the network.
        families: instead, a block of each family side by side.
        blocks: these blocks of the network, by name, instead of the first of each kind.
        style: sized for a paper or for a slide.
        results: folder of the figures.
    """
    from analysis.render.draw_blocks import blocks_figure, kinds
    from analysis.render.draw_strip import strip_figure
    from experiments.answers.answer import Answer, Drawing, write

    figures: dict[str, Drawing] = {}
    if families:
        chosen = {title: find(unroll(parse_variant(text)), name) for title, (text, name) in FAMILY_BLOCKS.items()}
        stem = "draw-families"
    else:
        variant = network.choose()
        plan = unroll(variant)
        chosen = {name: find(plan, name) for name in blocks} or kinds(plan)
        strip = f"draw-{file_name(variant)}"
        figures[strip] = Drawing(lambda: strip_figure(plan, label(variant)), columns=2, aspect=0.62, look=style)
        stem = f"{strip}-blocks"
    if chosen:
        figures[stem] = Drawing(lambda: blocks_figure(chosen), look=style)
    print("\n".join(map(str, write(Answer(stem, figures=figures), results))))


def find(plan: Plan, name: str) -> tuple[Plan, Block]:
    """The Plan with its block of that name.

    Raises:
        Problem: there is none.
    """
    names = [block.name for block in plan.blocks]
    if name not in names:
        raise Problem(f"no block {name}: the network has {', '.join(names)}")
    return plan, plan.blocks[names.index(name)]
