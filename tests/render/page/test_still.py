"""An SVG file in a page keeps its drawing and gets the page's colours and an accessible name."""

import re
from xml.etree import ElementTree

import pytest

from analysis.problem import Problem
from analysis.render.page.still import inline_svg, read_still

FIGURE = """<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="50pt">
<metadata>who</metadata><defs><style>*{stroke-linejoin: round}</style><path id="m" d="M 1.23456 2"/></defs>
<g id="a" clip-path="url(#m)" style="fill: #ffffff; stroke: #0072b2"><use xlink:href="#m" x="3.14159"/></g>
<script>alert(1)</script></svg>"""


def test_a_figure_keeps_its_drawing_and_gets_names_and_colours_of_the_page():
    svg = inline_svg(FIGURE, "one", "what it shows")
    root = ElementTree.fromstring(svg)
    assert root.get("role") == "img"
    assert root.get("aria-label") == "what it shows"
    assert {e.get("id") for e in root.iter()} - {None} == {"svg-one", "one-0"}
    assert 'href="#one-0"' in svg
    style = "fill:var(--paper, #ffffff);stroke:var(--series-0, #0072b2);clip-path:url(#one-0)"
    assert f"<style>#svg-one .a{{{style}}}</style>" in svg
    assert '<g class="a">' in svg
    assert 'd="M1.23 2"' in svg
    assert not re.search(r"alert|metadata|round}", svg)


def test_a_file_that_is_no_figure_is_named(tmp_path):
    for text in ("<svg", "<html/>"):
        (tmp_path / "x.svg").write_text(text)
        with pytest.raises(Problem, match=r"x\.svg is not a figure in SVG"):
            read_still(tmp_path / "x.svg", "alt")


def test_the_name_of_a_figure_is_that_of_its_file(tmp_path):
    (tmp_path / "a_b.c.svg").write_text(FIGURE)
    still = read_still(tmp_path / "a_b.c.svg", "alt", "caption")
    assert (still.name, still.alt, still.caption) == ("a_b.c", "alt", "caption")
    assert 'id="svg-a_b-c"' in still.svg
