"""One look for all still figures: sizes, colours that colour-blind readers can tell apart, files that are the same
bytes each time."""

import io
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from textwrap import fill
from typing import TYPE_CHECKING, Any

from analysis.arch.text import known
from analysis.files import write_whole

if TYPE_CHECKING:
    from matplotlib.figure import Figure

# Okabe and Ito's palette (jfly.uni-koeln.de/color), black and yellow left out; markers go with the colours.
COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#56B4E9", "#E69F00")
MARKERS = ("o", "s", "^", "D", "v", "P")

# Width of a figure in inches (one column of a two-column paper; half a slide) and font size in points.
STYLES = {"paper": (3.5, 8.0), "slides": (6.5, 14.0)}


@contextmanager
def style(name: str = "paper", columns: float = 1.0, aspect: float = 0.75) -> Iterator[None]:
    """Matplotlib settings under which a new figure is `columns` paper columns wide, `aspect` times as high.

    Raises:
        Problem: an unknown style.
    """
    import matplotlib
    from cycler import cycler

    matplotlib.use("Agg")
    width, points = STYLES[known(name, STYLES, "style")]
    settings: dict[Any, Any] = {
        "figure.figsize": (width * columns, width * columns * aspect),
        "figure.constrained_layout.use": True,
        "figure.dpi": 200,
        "font.size": points,
        "axes.titlesize": points,
        "axes.labelsize": points,
        "xtick.labelsize": points - 1,
        "ytick.labelsize": points - 1,
        "legend.fontsize": points - 1,
        "legend.frameon": False,
        "axes.spines.top": False,
        "axes.spines.right": False,
        "axes.grid": True,
        "axes.axisbelow": True,
        "grid.color": "#e0e0e0",
        "grid.linewidth": 0.5,
        "axes.prop_cycle": cycler(color=COLOURS),
        "svg.hashsalt": "mobilenetv2-ablations",
        "svg.fonttype": "none",
        "pdf.fonttype": 42,
    }
    with matplotlib.rc_context(settings):
        yield


def picture_grid(titles: Sequence[str], rows: int, height: int, width: int) -> "tuple[Figure, Any]":
    """A figure and its axes (rows, columns) for pictures of height x width pixels, without frames.

    Above each column is its title, in lines that fit at the font of "paper".
    """
    import matplotlib.pyplot as plt

    side = plt.rcParams["figure.figsize"][0]
    room = side / len(titles)  # inches a column
    lines = [fill(title, max(8, int(14 * room))) for title in titles]
    size = side, room * height / width * rows + 0.4 + 0.15 * (1 + max(title.count("\n") for title in lines))
    figure, grid = plt.subplots(rows, len(titles), squeeze=False, figsize=size)
    for axes in grid.flat:
        axes.set_axis_off()
    for axes, title in zip(grid[0], lines, strict=True):
        axes.set_title(title)
    return figure, grid


def write_figure(figure: "Figure", stem: Path, formats: tuple[str, ...] = ("png", "svg", "pdf")) -> list[Path]:
    """Write `stem`.png, .svg, .pdf whole, without dates in them, close the figure and return their paths.

    Raises:
        Problem: the folder cannot be written to.
    """
    import matplotlib.pyplot as plt

    undated = {"png": {"Software": None}, "svg": {"Date": None}, "pdf": {"CreationDate": None, "Producer": None}}
    paths = []
    for suffix in formats:
        buffer = io.BytesIO()
        figure.savefig(buffer, format=suffix, metadata=undated[suffix])
        paths.append(write_whole(stem.with_name(f"{stem.name}.{suffix}"), buffer.getvalue()))
    plt.close(figure)
    return paths
