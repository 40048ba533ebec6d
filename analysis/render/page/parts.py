"""What a page is made of: sections of paragraphs, tables, still figures and charts."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from analysis.render.table import Table


@dataclass(frozen=True)
class Grid:
    """A table as a reader sees it, and its CSV with every digit.

    `name`: of the CSV file. `numeric`: which columns hold numbers. `folded`: shown once it is opened.
    """

    kind: ClassVar[str] = "grid"
    name: str
    title: str
    columns: tuple[str, ...]
    numeric: tuple[bool, ...]
    rows: tuple[tuple[str, ...], ...]
    notes: tuple[str, ...]
    csv: str
    folded: bool = False


@dataclass(frozen=True)
class Still:
    """A figure as SVG markup fit for a page, with the text that stands for it."""

    kind: ClassVar[str] = "still"
    name: str
    svg: str
    alt: str
    caption: str = ""


@dataclass(frozen=True)
class Chart:
    """An interactive chart: a Vega-Lite specification; `still` stands in where no chart library is at hand."""

    kind: ClassVar[str] = "chart"
    name: str
    spec: Mapping[str, Any]
    alt: str
    caption: str = ""
    still: Still | None = None


@dataclass(frozen=True)
class Claim:
    """A row of the scoreboard; `facts` are pairs (name, text) shown once it is opened."""

    id: str
    section: str
    statement: str
    verdict: str
    effect: str
    interval: str
    n: str
    facts: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Board:
    """The scoreboard: claims to be filtered by verdict, and the CSV of all their fields."""

    kind: ClassVar[str] = "board"
    name: str
    claims: tuple[Claim, ...]
    csv: str


Part = Grid | Still | Chart | Board


@dataclass(frozen=True)
class Section:
    """A heading with paragraphs, the command behind its numbers, parts, and sections one level below.

    In `text` backticks mark code, and a paragraph that begins with "- " is an item of a list.
    """

    id: str
    title: str
    text: tuple[str, ...] = ()
    command: str = ""
    parts: Sequence[Part] = ()
    panels: "Sequence[Section]" = ()


def grid(name: str, markdown: str, csv: str, folded: bool = False) -> Grid:
    """The Grid of a table in the two forms that `Table` writes: Markdown has the rounded cells, title and notes."""
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
    rows = tuple(tuple(map(_typeset, row, numeric)) for row in rows)
    return Grid(name, title, header, numeric, rows, tuple(notes), csv, folded)


def grid_of(name: str, table: Table, folded: bool = False) -> Grid:
    """The Grid of a table."""
    return grid(name, table.markdown(), table.csv(), folded)


def _typeset(cell: str, number: bool) -> str:
    return re.sub(r"^-(?=[\d.])", "−", cell) if number else cell
