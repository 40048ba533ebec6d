"""Tables as data, written as Markdown, CSV and LaTeX (booktabs)."""

import csv
import io
import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from tabulate import tabulate

from analysis.files import write_whole

NoteKind = Literal["conditions", "looks", "missing", "claim", "part", "beside", "reading"]
ITEMS = ("part", "beside")  # notes of these kinds are items of a list


@dataclass(frozen=True)
class Note:
    """A sentence under a table, with what it is about.

    `kind`: `conditions` (data set, recipe, command), `missing` (runs that are not there yet), `claim` (a verdict),
    `part` (one comparison of the claim before it), `beside` (a further difference), `reading` (how to read the
    columns).
    `text` has no mark of a list: `line` puts it before a part and a further difference.
    """

    kind: NoteKind
    text: str

    @property
    def line(self) -> str:
        """The note as a line of Markdown."""
        return f"- {self.text}" if self.kind in ITEMS else self.text


@dataclass(frozen=True)
class Table:
    """A title, named columns, rows of plain values, and notes that say where the numbers hold.

    Numbers stay whole in CSV. `digits` rounds floats where a person reads (Markdown, LaTeX, the page). A note that
    nothing sorts is a plain text.
    """

    title: str
    columns: tuple[str, ...]
    rows: Sequence[Sequence[Any]]
    notes: tuple[str | Note, ...] = ()
    digits: int = 2

    def _read(self, value: Any) -> str:
        if isinstance(value, float):
            if not math.isfinite(value):  # the ends of an interval from one run
                return ""
            fixed = f"{value:.{self.digits}f}"
            return f"{value:.2g}" if value and not float(fixed) else fixed  # a small p value is not 0.00
        if isinstance(value, int) and not isinstance(value, bool):
            return f"{value:,}"
        return "" if value is None else str(value)

    @property
    def cells(self) -> list[list[str]]:
        """The rows as a person reads them: floats rounded, thousands apart, nothing for None."""
        return [[self._read(value) for value in row] for row in self.rows]

    @property
    def numeric(self) -> tuple[bool, ...]:
        """Of each column whether it holds numbers alone, and so is aligned to the right. Of none without rows."""
        columns = zip(*self.rows, strict=True) if self.rows else ([""] for _ in self.columns)
        return tuple(all(isinstance(value, int | float | None) for value in column) for column in columns)

    @property
    def lines(self) -> tuple[str, ...]:
        """The notes as lines of Markdown."""
        return tuple(note.line if isinstance(note, Note) else note for note in self.notes)

    def _grid(self, style: str, cells: Sequence[Sequence[str]]) -> str:
        align = ["right" if column else "left" for column in self.numeric]
        return tabulate(cells, self.columns, tablefmt=style, disable_numparse=True, colalign=align if cells else None)

    def pipe(self) -> str:
        """The rows as a Markdown table, without title and notes."""
        return self._grid("pipe", [[cell.replace("|", r"\|") for cell in row] for row in self.cells])

    def markdown(self) -> str:
        """A pipe table under its title, the notes below."""
        notes = "".join(f"\n{line}\n" for line in self.lines)
        return f"## {self.title}\n\n{self.pipe()}\n{notes}"

    def latex(self) -> str:
        """A booktabs `table` environment. Title and notes make the caption."""
        caption = _latex_text(" ".join([self.title + ".", *self.lines]))
        grid = self._grid("latex_booktabs", self.cells)
        return f"\\begin{{table}}\n\\centering\n\\caption{{{caption}}}\n{grid}\n\\end{{table}}\n"

    def csv(self) -> str:
        """Rows with every digit. Title and notes are left to the other forms."""
        out = io.StringIO()
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(self.columns)
        writer.writerows(self.rows)
        return out.getvalue()

    def write(self, stem: Path) -> list[Path]:
        """Write `stem`.md, .csv and .tex whole, and return their paths.

        Raises:
            Problem: the folder cannot be written to.
        """
        texts = {".md": self.markdown(), ".csv": self.csv(), ".tex": self.latex()}
        return [write_whole(stem.with_name(stem.name + suffix), text.encode()) for suffix, text in texts.items()]


def _latex_text(text: str) -> str:
    escapes = {"\\": r"\textbackslash{}", "±": r"$\pm$", "×": r"$\times$", "−": "$-$", "–": "--", "≥": r"$\geq$"}
    escapes |= {c: f"\\{c}" for c in "&%$#_{}"}
    return "".join(escapes.get(c, c) for c in text)
