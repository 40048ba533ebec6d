"""Which figures and tables below results/ the page shows where, and the words that stand for a figure.

A shelf shows what there is: without any of its files it has no section.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from analysis.problem import Problem
from analysis.render.page.page import slug
from analysis.render.page.parts import Grid, Section, Still
from analysis.render.page.still import read_still

UNSHOWN = {"manifold-bands"}  # the numbers behind the bands of a figure that is shown
LONG = 15  # rows of a table that is shown without being opened


@dataclass(frozen=True)
class Shelf:
    """A section made of files: stems of figures and tables, as patterns below figures/ and tables/, in order."""

    title: str
    command: str
    figures: tuple[str, ...]
    tables: tuple[str, ...]
    text: tuple[str, ...] = ()


AUDIT = Shelf(
    "The paper's numbers, recomputed",
    "mnv2 audit",
    ("audit",),
    (),
    (
        "Every printed cost follows from an architecture, so it can be counted again. What differs is followed by the "
        "hypothesis that reproduces the printed number, where one does.",
    ),
)
SHELVES = (
    Shelf(
        "The networks, drawn",
        "mnv2 draw",
        ("draw-families", "draw-*-blocks", "draw-*"),
        (),
        ("Which part of a block is narrow, which wide, and where the shortcut and the non-linearities are.",),
    ),
    Shelf(
        "ReLU on a manifold",
        "mnv2 manifold",
        tuple(
            f"manifold/{stem}"
            for stem in ("panels", "against_n", "conditions", "line", "bounds", "collapse", "operator")
        ),
        ("manifold-theory", "manifold", "manifold-bounds", "manifold-collapse", "manifold-operator"),
        (
            "Figure 1 of the paper sends a spiral through a random matrix, ReLU and back. Here the same is drawn, "
            "measured over many matrices, and held against the paper's theory.",
        ),
    ),
    Shelf(
        "Activations of trained networks",
        "mnv2 patterns",
        ("manifold/patterns-layers", "manifold/patterns-*"),
        ("patterns-arms", "patterns", "patterns-*"),
        (
            "Figure 7 and the manifold of interest, looked for in networks that were trained: how many channels of "
            "each expansion are positive, and in how many dimensions the activations lie.",
        ),
    ),
    Shelf(
        "Memory",
        "mnv2 memory",
        ("memory*", "memory/*", "splitting"),
        ("memory*", "memory/*", "splitting"),
        ("Which tensors are alive while a network runs, in which order, and what splitting a block saves.",),
    ),
    Shelf(
        "Latency",
        "mnv2 latency",
        ("latency*", "latency/*"),
        ("latency*", "latency/*"),
        ("Milliseconds on one machine, beside the multiply-adds that they are said to follow.",),
    ),
    Shelf("Checks of the suite itself", "mnv2 backends", ("backends*",), ("backends*",)),
)
# What a reader who cannot see a figure is told; other figures are told by the tables of their section.
ALT = {
    "audit": "Ratio of printed to computed cost, a dot a number, by place in the paper: most lie at 1; those that "
    "differ spread from about one half to two.",
    "panels": "A spiral in the plane, and what comes back after ReLU in 2, 3, 5, 15 and 30 dimensions: torn and folded "
    "at 2 and 3, and with the rows that stay active whole again at 15 and 30.",
    "draw-families": "Blocks of five families side by side, with shapes, multiply-adds, parameters and live bytes: a "
    "full convolution, a separable one, a ShuffleNet unit, a bottleneck residual and an inverted residual.",
    "draw-imagenet": "MobileNetV2 as a strip of blocks: height shows channels, colour resolution; below, their costs.",
    "draw-imagenet-blocks": "MobileNetV2's kinds of blocks side by side, narrow at the ends and wide in the middle.",
    "splitting": "Peak of live activations, falling with the number of ways until four, and time, rising ever faster.",
    "memory-imagenet": "Live bytes over the operations of MobileNetV2 under several schedules, with their peaks.",
    "against_n": "What is lost, merged and bent, against the number of dimensions n, with bands over the matrices.",
    "conditions": "What is lost against n for other curves, matrices and activations.",
    "line": "A line through ReLU: the number of joints against the dimensions, as counted and as the paper says.",
    "collapse": "Theorem 1: mean collapsed share of volume against m / n, in closed form and as sampled.",
    "bounds": "The chain of bounds behind Theorem 1 against m / n, and from which m / n on its inequalities hold.",
    "patterns-layers": "Share of positive channels by expansion layer, least, mean and most, published and of networks "
    "trained here, untrained above and trained below, with the threshold of one input channel each.",
    "patterns-dimension": "Components for 95 % of the variance, and TwoNN, by block: input, expansion, depthwise and "
    "output.",
    "patterns-recovery": "Held-out R^2 of a block's input, recovered from its activated expansion, against expansion.",
    "patterns-bottleneck": "Participation ratio before and after a ReLU6 behind each projection, rank, dead channels.",
    "operator": "How linear and how invertible A ReLU(Bx) is, against m / n.",
}


def shelf_section(shelf: Shelf, results: Path, without: Iterable[str] = ()) -> Section | None:
    """The section that a shelf's files make, but for those with a stem of `without`; None where no file is left.

    Raises:
        Problem: a file that is no table or no figure.
    """
    figures = [path for path in matching(results / "figures", shelf.figures, ".svg") if path.stem not in without]
    tables = [path for path in matching(results / "tables", shelf.tables, ".csv") if path.stem not in without]
    if not figures and not tables:
        return None
    parts = [still(path) for path in figures] + [stored_grid(path) for path in tables]
    return Section(slug(shelf.title), shelf.title, shelf.text, shelf.command, parts)


def rest_section(results: Path, sections: Iterable[Section]) -> Section | None:
    """Figures and tables that none of `sections` shows, such as those of a user's own study; None without any.

    Raises:
        Problem: a file that is no table or no figure.
    """
    panels = [panel for section in sections for panel in (section, *section.panels)]
    shown = UNSHOWN | {part.name.removeprefix("runs-") for panel in panels for part in panel.parts}
    everything = Shelf("Further results", "", ("**/*",), ("**/*",))
    return shelf_section(everything, results, shown)


def matching(folder: Path, patterns: Iterable[str], suffix: str) -> list[Path]:
    """Files below `folder` whose stem fits one of the patterns, in the order of the patterns, each once."""
    found = [path for pattern in patterns for path in sorted(folder.glob(pattern + suffix), key=str)]
    return list(dict.fromkeys(path for path in found if "synthetic" not in path.stem))


def still(path: Path, alt: str = "", caption: str = "") -> Still:
    """A figure with the words that stand for it."""
    words = alt or ALT.get(path.stem, f"Figure {path.stem.replace('_', ' ').replace('-', ' ')}; numbers below.")
    return read_still(path, words, caption or words)


def stored_grid(path: Path) -> Grid:
    """The table in a CSV file, with the Markdown beside it.

    Raises:
        Problem: one of the two cannot be read.
    """
    try:
        markdown, csv = path.with_suffix(".md").read_text(), path.read_text()
    except (OSError, ValueError) as error:
        raise Problem(f"{path} cannot be shown ({error}): delete it and make it again") from error
    title, notes, lines = "", [], []
    for line in markdown.splitlines():
        if line.startswith("|"):
            lines.append(line)
        elif line.startswith("## "):
            title = line.removeprefix("## ")
        elif line.strip():
            notes.append(line.strip())
    cells = [tuple(cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]) for line in lines]
    header, rule, *rows = cells or [(), ()]
    numeric = tuple(mark.endswith(":") for mark in rule)
    typeset = tuple(tuple(c.replace("-", "−", 1) if n and c.startswith("-") else c for c, n in zip(r, numeric)) for r in rows)
    return Grid(path.stem, title, header, numeric, typeset, tuple(notes), csv, len(rows) > LONG)
