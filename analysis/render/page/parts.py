"""What a page is made of: sections of paragraphs, tables, still figures and charts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from analysis.render.table import Table


@dataclass(frozen=True)
class Grid:
    """A table as a reader sees it, and its CSV with every digit.

    `name`: of the CSV file. `numeric`: which columns hold numbers. `folded`: shown once a reader opens it.
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
    """A figure as SVG markup fit for a page. `alt`: what a reader hears who cannot see it."""

    kind: ClassVar[str] = "still"
    name: str
    svg: str
    alt: str
    caption: str = ""


@dataclass(frozen=True)
class Chart:
    """An interactive chart: a Vega-Lite specification. `still` replaces it where there is not a chart library."""

    kind: ClassVar[str] = "chart"
    name: str
    spec: Mapping[str, Any]
    alt: str
    caption: str = ""
    still: Still | None = None


@dataclass(frozen=True)
class Claim:
    """A row of the scoreboard. `unit`: of the effect. `facts`: pairs (name, text), shown once a reader opens it."""

    id: str
    section: str
    statement: str
    verdict: str
    effect: str
    interval: str
    unit: str
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
    """A heading with paragraphs, the command that makes its numbers, parts, and sections one level below.

    In `text` backticks mark code. A tuple among its paragraphs is a list of items.
    """

    id: str
    title: str
    text: tuple[str | tuple[str, ...], ...] = ()
    command: str = ""
    parts: Sequence[Part] = ()
    panels: "Sequence[Section]" = ()


def grid(name: str, table: Table, folded: bool = False) -> Grid:
    """The Grid of a table: its cells as a person reads them, with true minus signs."""
    numeric = table.numeric
    rows = tuple(tuple(map(_typeset, row, numeric)) for row in table.cells)
    return Grid(name, table.title, table.columns, numeric, rows, table.lines, table.csv(), folded)


def _typeset(cell: str, number: bool) -> str:
    return cell.replace("-", "−", 1) if number and cell.startswith("-") else cell
