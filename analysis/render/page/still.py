"""SVG files made fit for a page: names of their own, the page's colours, and a text for who cannot see them."""

import re
from pathlib import Path
from xml.etree import ElementTree

from analysis.problem import Problem
from analysis.render.page.parts import Still
from analysis.render.page.shrink import SVG, shrink

# Colours of the figures' own style that follow the page's theme; outside a page the fallback holds.
THEMED = {
    "#ffffff": "var(--paper, #ffffff)",
    "#000000": "var(--ink, #000000)",
    "#e0e0e0": "var(--grid, #e0e0e0)",
    "#555555": "var(--quiet, #555555)",
    "#0072b2": "var(--series-0, #0072b2)",
    "#d55e00": "var(--series-1, #d55e00)",
    "#009e73": "var(--series-3, #009e73)",
    "#cc79a7": "var(--series-4, #cc79a7)",
    "#56b4e9": "var(--series-5, #56b4e9)",
    "#e69f00": "var(--series-6, #e69f00)",
    "black": "var(--ink, #000000)",
    "white": "var(--paper, #ffffff)",
}
PAINT = re.compile(r"\b(fill|stroke): (#[0-9a-f]{6}|black|white)\b")


def read_still(path: Path, alt: str, caption: str = "") -> Still:
    """The figure in an SVG file.

    Raises:
        Problem: the file is not an SVG.
    """
    name = re.sub(r"\W+", "-", path.stem)
    try:
        return Still(path.stem, inline_svg(path.read_text(), name, alt), alt, caption)
    except (OSError, ValueError, ElementTree.ParseError) as error:
        raise Problem(f"{path} is not a figure in SVG ({error}): delete it and make it again") from error


def inline_svg(text: str, name: str, alt: str) -> str:
    """SVG markup without header and metadata, and small. Ids begin with `name`, and `alt` is its accessible name.

    Raises:
        ElementTree.ParseError: not XML.
        ValueError: its root is not an svg element.
    """
    root = ElementTree.fromstring(text)
    if root.tag != f"{{{SVG}}}svg":
        raise ValueError("its root is not an svg element")
    for parent in list(root.iter()):
        for child in list(parent):
            if child.tag.rpartition("}")[2] in ("metadata", "style", "script", "title", "desc"):
                parent.remove(child)
    for element in root.iter():
        for key, value in element.attrib.items():
            element.set(key, PAINT.sub(lambda found: f"{found[1]}: {THEMED.get(found[2], found[2])}", value))
    shrink(root, name)
    style = f"--width: {root.get('width', '100%')}; stroke-linejoin: round; stroke-linecap: butt"
    root.attrib |= {"role": "img", "aria-label": alt, "style": style}
    ElementTree.register_namespace("", SVG)
    return ElementTree.tostring(root, encoding="unicode").replace(" />", "/>")
