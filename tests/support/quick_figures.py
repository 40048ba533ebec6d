"""Figures of answers in a third of the time. All formats are written by tests of analysis.render."""

from pathlib import Path

from analysis.files import write_whole
from analysis.render.style import write_figure


def one_format(figure, stem: Path, formats: tuple[str, ...]) -> list[Path]:
    """`write_figure`, but where there is an SVG the other files are empty."""
    drawn = write_figure(figure, stem, ("svg",) if "svg" in formats else formats)
    if "svg" not in formats:
        return drawn
    paths = [stem.with_name(f"{stem.name}.{suffix}") for suffix in formats]
    return [path if path in drawn else write_whole(path, b"") for path in paths]
