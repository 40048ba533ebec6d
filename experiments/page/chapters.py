"""Which answers the page shows in which section, and the figures and tables that no answer of a report writes.

A chapter shows what there is: without an answer it has no section.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from analysis.render.page.page import slug
from analysis.render.page.parts import Grid, Part, Section, Still, grid
from analysis.render.page.still import read_still
from experiments.answers.answer import Answer
from experiments.answers.conditions import SYNTHETIC

LONG = 15  # rows of a table that is shown without being opened

HIDDEN = {"manifold-bands"}  # the numbers of the bands in a figure that is shown


@dataclass(frozen=True)
class Chapter:
    """A section made of what measurements found, by their names. `command` makes the numbers.

    `figures`, `tables`: those that come first, in this order. All others follow in the order of their answers.
    """

    title: str
    command: str
    measurements: tuple[str, ...]
    text: str = ""
    figures: tuple[str, ...] = ()
    tables: tuple[str, ...] = ()


FIRST = Chapter(
    "Effects and budgets",
    "mnv2 price",
    ("price", "effects"),
    "What a part of the network buys depends on how long it trains. The paper's own curves and the runs of this suite "
    "both show effects that shrink with training, so no size holds without its budget. The two sides share no axis of "
    "training: steps on ImageNet are not epochs on CIFAR-10.",
)
CHAPTERS = (
    Chapter(
        "ReLU on a manifold",
        "mnv2 manifold",
        ("manifold",),
        "Figure 1 of the paper sends a spiral through a random matrix, ReLU and back. Here the same is drawn, measured "
        "over many matrices, and held against the paper's theory.",
        ("panels", "against_n", "conditions", "line", "bounds", "collapse", "operator"),
        ("manifold-theory", "manifold", "manifold-bounds", "manifold-collapse", "manifold-operator"),
    ),
    Chapter(
        "Activations of trained networks",
        "mnv2 patterns",
        ("patterns",),
        "Figure 7 and the manifold of interest, looked for in networks that were trained: how many channels of each "
        "expansion are positive, and in how many dimensions the activations lie.",
        ("patterns-layers", "patterns-bottleneck", "patterns-dimension", "patterns-recovery"),
        ("patterns-arms", "patterns", "patterns-bottleneck", "patterns-dimension", "patterns-published"),
    ),
    Chapter(
        "Gradients and shortcuts",
        "mnv2 gradients",
        ("gradients",),
        "Why shortcuts may help: how far a gradient grows on its way back through the blocks, and how many directions "
        "of it arrive. Whether another initialisation does as much for accuracy is asked by the study why-shortcuts.",
        ("gradients-depth", "gradients-blocks"),
        ("gradients", "gradients-blocks"),
    ),
    Chapter(
        "The network of the paper",
        "mnv2 evaluate --keep",
        ("imagenet", "imagenet-operating"),
        "Published weights, trained on ImageNet, under the same instruments: what they score, Figure 7, dimensions, "
        "low precision, and what a ReLU6 on a trained bottleneck destroys.",
        ("imagenet-layers", "imagenet-bent", "imagenet-low", "imagenet-order"),
        ("imagenet-order", "imagenet", "imagenet-networks", "imagenet-dimension", "imagenet-bent"),
    ),
    Chapter(
        "Memory",
        "mnv2 memory",
        ("memory", "splitting"),
        "Which tensors are alive while a network runs, in which order, and what splitting a block saves.",
    ),
    Chapter(
        "Latency",
        "mnv2 latency",
        ("latency",),
        "Milliseconds on one machine, beside the multiply-adds that they are said to follow.",
        tables=("latency-correlations", "latency-pairs"),
    ),
    Chapter("Checks of the suite itself", "mnv2 backends", ("backends",)),
)
# Figures of `mnv2 draw` that the repository keeps, with what a reader hears who cannot see them.
DRAWN = {
    "draw-families": "Blocks of five families side by side, with shapes, multiply-adds, parameters and live bytes: a "
    "full convolution, a separable one, a ShuffleNet unit, a bottleneck residual and an inverted residual.",
    "draw-imagenet-blocks": "MobileNetV2's kinds of blocks side by side, narrow at the ends and wide in the middle.",
    "draw-imagenet": "MobileNetV2 as a strip of blocks: height shows channels, colour resolution; below, their costs.",
}


def drawn_section(results: Path) -> Section | None:
    """The figures of `mnv2 draw`. None where it has drawn none of them below `results`.

    Raises:
        Problem: a file that is not a figure.
    """
    text = "Which part of a block is narrow, which wide, and where the shortcut and the non-linearities are."
    parts = [each for name, alt in DRAWN.items() if (each := still(results, name, alt))]
    title = "The networks, drawn"
    return Section(slug(title), title, (text,), "mnv2 draw", parts) if parts else None


def chapter_sections(
    measured: Mapping[str, Sequence[Answer]], results: Path, chapters: Sequence[Chapter] = CHAPTERS
) -> Iterator[Section]:
    """A section for each of `chapters` that has an answer. `measured`: name of a measurement -> its answers.

    Raises:
        Problem: a file below `results` that is not a figure.
    """
    for chapter in chapters:
        found = [each for name in chapter.measurements for each in measured.get(name, ()) if counts(each)]
        figures = [each for answer in found for each in stills(answer, results)]
        tables = [each for answer in found for each in grids(answer)]
        if parts := [*_first(figures, chapter.figures), *_first(tables, chapter.tables)]:
            text = (chapter.text,) if chapter.text else ()
            yield Section(slug(chapter.title), chapter.title, text, chapter.command, parts)


def rest_section(shown: Iterable[Grid], answers: Iterable[Answer], results: Path) -> Section | None:
    """The tables `shown`, and below `results` the figures and the names of the tables that none of `answers` writes,
    such as those of a user's own study. None without any.

    Raises:
        Problem: a file that is not a figure.
    """
    written = {results / path for answer in answers for path in answer.files}
    written |= {results / "figures" / f"{name}.svg" for name in DRAWN}
    figures = [path for path in _below(results / "figures", ".svg") if path not in written]
    tables = [path for path in _below(results / "tables", ".md") if path not in written]
    names = [path.relative_to(results / "figures").with_suffix("").as_posix() for path in figures]
    parts = [*filter(None, (still(results, name) for name in names)), *shown]
    text: tuple[str | tuple[str, ...], ...] = ()
    if tables:
        listed = tuple(f"`{path.relative_to(results).as_posix()}`" for path in tables)
        text = ("Tables in the folder of results that no stored run or measurement gives again:", listed)
    title = "Further results"
    return Section(slug(title), title, text, "", parts) if parts or text else None


def counts(answer: Answer) -> bool:
    """Whether an answer is about images that somebody took."""
    return answer.evidence.dataset != SYNTHETIC


def stills(answer: Answer, results: Path) -> list[Still]:
    """The figures of an answer that lie below `results` as SVG.

    Raises:
        Problem: a file that is not a figure.
    """
    found = [still(results, name, drawing.alt) for name, drawing in answer.figures.items()]
    return [each for each in found if each]


def still(results: Path, name: str, alt: str = "", caption: str = "") -> Still | None:
    """The figure `name` below `results`, with what a reader hears who cannot see it. None where there is not one.

    Raises:
        Problem: the file is not a figure.
    """
    path = results / "figures" / f"{name}.svg"
    words = alt or f"Figure {path.stem.replace('_', ' ').replace('-', ' ')}; numbers below."
    return read_still(path, words, caption or words) if path.is_file() else None


def grids(answer: Answer) -> list[Grid]:
    """The tables of an answer, long ones folded."""
    named = {f"{answer.stem}{suffix}": table for suffix, table in answer.tables.items()}
    return [grid(name, table, folded=len(table.rows) > LONG) for name, table in named.items() if name not in HIDDEN]


def _first(parts: Sequence[Part], names: Sequence[str]) -> list[Part]:
    """The parts with those of `names` first, in the order of the names."""
    return sorted(parts, key=lambda part: names.index(part.name) if part.name in names else len(names))


def _below(folder: Path, suffix: str) -> list[Path]:
    return sorted(folder.rglob(f"*{suffix}"), key=str)
