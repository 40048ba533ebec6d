"""An answer as values: tables, drawings, verdicts and files to keep. And the one function that writes it."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from analysis.files import write_whole
from analysis.render.style import style, write_figure
from analysis.render.table import Table
from analysis.stats import Verdict
from experiments.claims.evidence import Evidence

if TYPE_CHECKING:
    from matplotlib.figure import Figure


@dataclass(frozen=True)
class Drawing:
    """A figure that is not drawn yet.

    - `draw`: makes the figure. It is called under the style that the other fields give.
    - `columns`: width in columns of a paper. `aspect`: height over width. `look`: a key of
      `analysis.render.style.STYLES`.
    - `formats`: of the files, a choice of png, svg and pdf.
    - `alt`: what a reader hears who cannot see the figure.
    """

    draw: "Callable[[], Figure]"
    columns: float = 1.0
    aspect: float = 0.75
    look: str = "paper"
    formats: tuple[str, ...] = ("png", "svg", "pdf")
    alt: str = ""


@dataclass(frozen=True)
class Answer:
    """What a study or a measurement says.

    - `stem`: name of its files.
    - `tables`: by what follows the stem in their names ("", "-pairs"), below tables/.
    - `figures`: by name below figures/, a folder included ("manifold/panels").
    - `verdicts`: one file below verdicts/. None where nothing is judged, which writes no file.
    - `evidence`: who judged, and on what. Every stored verdict carries it.
    - `kept`: further files, by path below the folder of results: what was measured, animations, pages.
    """

    stem: str
    tables: Mapping[str, Table] = field(default_factory=dict)
    figures: Mapping[str, Drawing] = field(default_factory=dict)
    verdicts: Sequence[Verdict] | None = None
    evidence: Evidence = field(default_factory=Evidence)
    kept: Mapping[str, bytes] = field(default_factory=dict)

    @property
    def files(self) -> list[str]:
        """Paths of all files below the folder of results, in the order in which they are written."""
        tables = [f"tables/{self.stem}{suffix}.{form}" for suffix in self.tables for form in ("md", "csv", "tex")]
        figures = [f"figures/{name}.{form}" for name, drawing in self.figures.items() for form in drawing.formats]
        verdicts = [] if self.verdicts is None else [f"verdicts/{self.stem}.json"]
        return [*self.kept, *tables, *figures, *verdicts]


def write(answer: Answer, results: Path) -> list[Path]:
    """Write all files of an answer below `results`, each whole. Return their paths, `Answer.files` in order.

    Raises:
        Problem: a file cannot be written.
    """
    paths = [write_whole(results / path, content) for path, content in answer.kept.items()]
    for suffix, table in answer.tables.items():
        paths += table.write(results / "tables" / f"{answer.stem}{suffix}")
    for name, drawing in answer.figures.items():
        with style(drawing.look, drawing.columns, drawing.aspect):
            paths += write_figure(drawing.draw(), results / "figures" / name, drawing.formats)
    if answer.verdicts is not None:
        rows = [{**verdict.row(), **asdict(answer.evidence)} for verdict in answer.verdicts]
        paths.append(write_whole(results / "verdicts" / f"{answer.stem}.json", as_json(rows)))
    return paths


def as_json(value: object) -> bytes:
    """Plain values as the JSON of a stored file."""
    return (json.dumps(value, indent=1) + "\n").encode()
