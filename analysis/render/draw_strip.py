"""A whole network as a strip: channels, resolution and cost, block by block."""

from collections.abc import Iterator
from textwrap import fill
from typing import TYPE_CHECKING

from analysis.arch.plan import Block, Plan
from analysis.cost.count import body_cost
from analysis.render.layers import live_bytes
from analysis.render.style import COLOURS

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


def strip_figure(plan: Plan, title: str) -> "Figure":
    """The network from left to right, a step a block.

    On top each block's outline: as high as the square root of the channels at its input, at its widest and at its
    output, as dark as its map is small, with a curve over blocks that add a shortcut. Below, with the same steps, the
    multiply-adds, the parameters and the most bytes that are live, in inference with 32 bits and norms folded.
    """
    import matplotlib.pyplot as plt

    blocks = [block for block in plan.blocks if block.body.operations]
    figure, axes = plt.subplots(4, 1, sharex=True, height_ratios=(2.6, 1, 1, 1))
    _outlines(axes[0], blocks)
    axes[0].set_title(fill(title, 90))
    costs, live = [body_cost(block.body) for block in blocks], live_bytes(plan)
    rows = (
        ("multiply-adds, millions", [cost.madds / 1e6 for cost in costs]),
        ("parameters, thousands", [cost.params / 1e3 for cost in costs]),
        ("most bytes live, millions", [max(live.get(op.name, 0) for op in b.operations()) / 1e6 for b in blocks]),
    )
    for ax, colour, (name, values) in zip(axes[1:], COLOURS, rows, strict=False):
        ax.bar(range(len(blocks)), values, width=0.72, color=colour)
        ax.set_title(name, loc="left", fontsize="small")
        ax.grid(axis="x", visible=False)
    step = 1 + len(blocks) // 30  # more names would not be read
    places = range(0, len(blocks), step)
    axes[-1].set_xticks(places, [blocks[i].name for i in places], rotation=60, ha="right", rotation_mode="anchor")
    axes[-1].tick_params(axis="x", labelsize="x-small")
    return figure


def outline(block: Block) -> tuple[int, int, int]:
    """Channels of a block at its input, at its widest and at its output."""
    body = block.body
    widest = max([shape[0] for shape in body.inputs.values()] + [op.shape[0] for op in body.operations])
    return next(iter(body.inputs.values()))[0], widest, body.shape[0]


def _outlines(ax: "Axes", blocks: list[Block]) -> None:
    import matplotlib.pyplot as plt
    from matplotlib.patches import Arc, Polygon

    sides = sorted({block.body.shape[1] for block in blocks}, reverse=True)
    shades = {side: plt.get_cmap("viridis")(0.92 - 0.8 * i / max(1, len(sides) - 1)) for i, side in enumerate(sides)}
    top = max(outline(block)[1] for block in blocks) ** 0.5
    for i, block in enumerate(blocks):
        left, middle, right = (channels**0.5 / 2 for channels in outline(block))
        edges = [(i - 0.46, left), (i - 0.15, middle), (i + 0.15, middle), (i + 0.46, right)]
        corners = edges + [(x, -y) for x, y in reversed(edges)]
        ax.add_patch(Polygon(corners, fc=shades[block.body.shape[1]], ec="#333333", lw=0.5))
        ax.text(i, -top / 2 * 1.1, str(block.body.shape[0]), ha="center", va="top", fontsize="x-small")
        if any(type(op).__name__ == "Add" for op in block.body.operations):
            ax.add_patch(Arc((i, middle), 0.9, 0.28 * top, theta1=0, theta2=180, color=COLOURS[1], lw=1.3))
    for start, end, side in _stretches(blocks):
        ax.plot([start - 0.45, end + 0.45], [0.72 * top] * 2, color=shades[side], lw=3, solid_capstyle="butt")
        ax.text((start + end) / 2, 0.75 * top, str(side), ha="center", va="bottom", fontsize="x-small")
    ax.text(-0.75, 0.75 * top, "pixels a side", ha="right", va="bottom", fontsize="x-small")
    ax.text(-0.75, -top / 2 * 1.1, "channels", ha="right", va="top", fontsize="x-small")
    ax.set(xlim=(-0.7, len(blocks) - 0.3), ylim=(-0.72 * top, 0.95 * top))
    ax.axis("off")


def _stretches(blocks: list[Block]) -> Iterator[tuple[int, int, int]]:
    """First and last block of each stretch of one resolution, and the resolution of its outputs."""
    start = 0
    for i, block in enumerate(blocks):
        side = block.body.shape[1]
        if i + 1 == len(blocks) or blocks[i + 1].body.shape[1] != side:
            yield start, i, side
            start = i + 1
