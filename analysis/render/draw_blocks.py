"""Blocks side by side: which part is narrow, which wide, where shortcuts and non-linearities are."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from analysis.arch.plan import Activation, Block, Plan, Shape
from analysis.render.layers import KINDS, DrawnLayer, layers, short
from analysis.render.style import COLOURS

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

FILL: dict[str, str] = dict(zip(KINDS, (COLOURS[5], COLOURS[4], COLOURS[2], "#d9d9d9"), strict=True))
EDGE = "#333333"
HALF = 0.46  # half the width of the widest tensor
COLUMN, ROW = 0.24, 0.105  # inches of a column and of a step, a point of font size
HEIGHT = 0.66  # of a layer's band, in steps from tensor to tensor


def blocks_figure(chosen: Mapping[str, tuple[Plan, Block]]) -> "Figure":
    """A column a block, drawn downwards from its input. `chosen`: title -> the block and its Plan.

    A bar is a tensor, as wide as the square root of its channels (one scale for all columns), dark where a
    non-linearity made it. A band is a layer, coloured by its kind, with its multiply-adds, parameters and the bytes
    that are live while it runs. A curve at the side is a tensor that is read again later. The figure is made as high
    as its deepest column asks for at the style's font size.
    """
    import matplotlib.pyplot as plt
    from matplotlib.patches import Rectangle

    drawn = {name: layers(plan, block) for name, (plan, block) in chosen.items()}
    depth = max(map(len, drawn.values()))
    inputs = {name: block.body.inputs["x"] for name, (_, block) in chosen.items()}
    most = max(shape[0] for name, found in drawn.items() for shape in (inputs[name], *(x.shape for x in found)))
    figure, axes = plt.subplots(1, len(drawn), squeeze=False, sharey=True)
    points = plt.rcParams["font.size"]
    figure.set_size_inches(COLUMN * points * max(2, len(drawn)), ROW * points * (depth + 1.2))
    for ax, (name, found) in zip(axes[0], drawn.items(), strict=True):
        _column(ax, name, inputs[name], function(*chosen[name]), found, most)
        ax.set_ylim(depth + 0.3, -0.45)
    handles = [Rectangle((0, 0), 1, 1, color=FILL[kind]) for kind in KINDS]
    handles += [Rectangle((0, 0), 1, 1, fc=face, ec=EDGE) for face in (EDGE, "white")]
    figure.legend(
        handles,
        [*KINDS, "behind a non-linearity", "linear"],
        loc="outside lower center",
        ncols=6 if len(drawn) > 3 else 3,
    )
    return figure


def kinds(plan: Plan, most: int = 5) -> dict[str, tuple[Plan, Block]]:
    """The first block of each kind in a network, by name: kinds differ in what their layers do, not in their sizes."""
    found: dict[object, Block] = {}
    for block in plan.blocks:
        if block.body.kind not in ("stem", "pointwise", "classifier") and block.body.operations:
            looks = (block.body.kind, *((x.title, x.reads, x.function) for x in layers(plan, block)))
            found.setdefault(looks, block)
    return {block.name: (plan, block) for block in list(found.values())[:most]}


def function(plan: Plan, block: Block) -> str:
    """The non-linearity that made a block's input, or "linear"."""
    made = (op for op in plan.operations if op.name == block.binding["x"])
    return next((op.function for op in made if isinstance(op, Activation)), "linear")


def _column(ax: "Axes", title: str, image: Shape, before: str, found: list[DrawnLayer], most: int) -> None:
    half = {name: HALF * (c / most) ** 0.5 for name, c in [("", image[0]), *((x.name, x.shape[0]) for x in found)]}
    row = {"": 0} | {layer.name: i + 1 for i, layer in enumerate(found)}
    _bar(ax, 0, half[""], image, before)
    arcs = 0
    for layer in found:
        y, nearest = row[layer.name], max(layer.reads, key=lambda name: row[name])
        _band(ax, layer, y, half[nearest if row[nearest] == y - 1 else layer.name], half[layer.name])
        _bar(ax, y, half[layer.name], layer.shape, layer.function)
        for name in layer.reads:
            if row[name] < y - 1:
                _arc(ax, half[name], row[name], half[layer.name], y, 0.07 * arcs)
                arcs += 1
    ax.set_title(title, fontweight="bold")
    ax.set_xlim(-0.78, 0.6)
    ax.axis("off")


def _bar(ax: "Axes", y: float, half: float, shape: Shape, function: str) -> None:
    from matplotlib.patches import Rectangle

    face = "white" if function == "linear" else EDGE
    ax.add_patch(Rectangle((-half, y - 0.05), 2 * half, 0.1, fc=face, ec=EDGE, lw=0.8, zorder=3))
    words = f"{shape[0]} × {shape[1]} × {shape[2]}" + ("" if function == "linear" else f", {function}")
    ax.text(0, y - 0.08, words, ha="center", va="bottom", fontsize="x-small", zorder=4)


def _band(ax: "Axes", layer: DrawnLayer, y: float, above: float, below: float) -> None:
    from matplotlib.patches import Polygon

    top, bottom = y - 0.95, y - 0.95 + HEIGHT
    corners = [(-above, top), (above, top), (below, bottom), (-below, bottom)]
    ax.add_patch(Polygon(corners, fc=FILL[layer.kind], ec="none", alpha=0.75, zorder=1))
    words = [layer.title]
    if layer.cost.madds:
        words += [f"{short(layer.cost.madds)} MAdds", f"{short(layer.cost.params)} parameters"]
    words.append(f"{short(layer.bytes)}B live")
    ax.text(0, (top + bottom) / 2, "\n".join(words), ha="center", va="center", fontsize="x-small", zorder=4)


def _arc(ax: "Axes", above: float, start: float, below: float, end: float, inwards: float) -> None:
    from matplotlib.patches import FancyArrowPatch
    from matplotlib.path import Path

    side = -0.72 + inwards
    path = Path(
        [(-above, start), (side, start), (side, start + 0.3), (side, end - 0.3), (side, end), (-below, end)],
        [Path.MOVETO, Path.CURVE3, Path.CURVE3, Path.LINETO, Path.CURVE3, Path.CURVE3],
    )
    arrow = FancyArrowPatch(path=path, arrowstyle="-|>", mutation_scale=7, lw=1.2, color=COLOURS[1], zorder=2)
    ax.add_patch(arrow)
