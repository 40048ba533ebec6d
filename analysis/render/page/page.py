"""A page rendered: one HTML file that needs no other file, no network and no clock."""

import base64
import gzip
import json
import re
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from analysis.render.page.parts import Board, Chart, Grid, Part, Section

if TYPE_CHECKING:
    from markupsafe import Markup

MARKS = {
    "holds": "✓",
    "holds within scope": "◐",
    "number off": "≠",
    "refuted": "✗",
    "reproduced": "✓",
    "reproduced in part": "◐",
    "not reproduced": "✗",
    "unresolved": "?",
    "not testable as ruled": "∅",
    "not tested": "–",
}


def page(title: str, lead: Sequence[str], sections: Sequence[Section], library: str | None) -> str:
    """The HTML of a page.

    `library`: JavaScript that defines `vegaEmbed` (`chart_library`). Without it still figures replace the charts, and a
    chart that has none is left out. All text is escaped. The same parts give the same bytes.
    """
    from jinja2 import Environment, StrictUndefined

    shown = [_section(section, library is not None) for section in sections]
    charts = {part.name: part.spec for part in _parts(shown) if isinstance(part, Chart)}
    csv = {part.name: part.csv for part in _parts(shown) if isinstance(part, Grid | Board)}
    data = {"csv": csv, "charts": charts, "library": library if charts else None}
    environment = Environment(autoescape=True, trim_blocks=True, lstrip_blocks=True, undefined=StrictUndefined)
    environment.filters |= {"inline": inline, "slug": slug}
    return environment.from_string(_file("page.html.jinja")).render(
        title=title,
        lead=lead,
        sections=shown,
        marks=MARKS,
        style=_raw(_file("page.css")),
        script=_raw(_file("page.js")),
        data=_packed(data),
    )


@cache
def chart_library() -> str | None:
    """Vega, Vega-Lite and Vega-Embed as one script that defines `vegaEmbed`. None where vl-convert is not installed."""
    try:
        with _without_grammars():
            import altair  # noqa: F401 - charts need both
        import vl_convert
    except ImportError:
        return None
    return vl_convert.javascript_bundle("window.vegaEmbed = vegaEmbed;")


@contextmanager
def _without_grammars() -> Iterator[None]:
    """Within the block jsonschema, which altair imports, finds no rfc3987_syntax: where JupyterLab has installed it, it
    makes 39 grammars to check identifiers with, which takes seconds and which no chart has."""
    name = "rfc3987_syntax"
    if name in sys.modules:
        yield
        return
    sys.modules[name] = None  # type: ignore[assignment]
    try:
        yield
    finally:
        del sys.modules[name]


def inline(text: str) -> "Markup":
    """Escaped text with `code` in backticks marked up and true minus signs."""
    from markupsafe import Markup, escape

    pieces = str(escape(text)).split("`")
    pieces[::2] = [re.sub(r"(?<![\w-])-(?=[\d.])", "−", piece) for piece in pieces[::2]]
    pieces[1::2] = [f"<code>{piece}</code>" for piece in pieces[1::2]]
    return Markup("".join(pieces))


def slug(text: str) -> str:
    """Letters, digits and hyphens alone, for ids."""
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")


def _section(section: Section, charts: bool) -> dict[str, Any]:
    """A section as the template reads it, with stills for charts where charts are not wanted."""
    parts = [part if charts or not isinstance(part, Chart) else part.still for part in section.parts]
    return {
        "id": section.id,
        "title": section.title,
        "text": section.text,
        "command": section.command,
        "parts": [part for part in parts if part is not None],
        "panels": [_section(panel, charts) for panel in section.panels],
    }


def _parts(sections: Sequence[dict[str, Any]]) -> list[Part]:
    return [part for s in sections for part in (*s["parts"], *_parts(s["panels"]))]


def _packed(value: Any) -> str:
    """Base 64 of compressed JSON, a third as long as the JSON. page.js unpacks it."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return base64.b64encode(gzip.compress(text.encode(), mtime=0)).decode()


def _raw(text: str) -> "Markup":
    from markupsafe import Markup

    return Markup(text)


def _file(name: str) -> str:
    return files(__package__ or "").joinpath(name).read_text(encoding="utf-8")
