"""A page holds what it was given, escaped, needs no other file, and is the same bytes each time."""

import csv
import io
import re

from html_reader import data, read

from analysis.render.page.page import inline, page
from analysis.render.page.parts import Board, Chart, Claim, Section, Still, grid
from analysis.render.page.still import inline_svg
from analysis.render.table import Table

TABLE = Table("Ti<tle", ("arm", "x"), [("a </script>", -1.23456), ("b", 2.0)], ("See `x < 1`.",))
FIGURE = """<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="50pt">
<metadata>who</metadata><defs><style>*{stroke-linejoin: round}</style><path id="m" d="M 1.23456 2"/></defs>
<g id="a" clip-path="url(#m)" style="fill: #ffffff; stroke: #0072b2"><use xlink:href="#m" x="3.14159"/></g>
<script>alert(1)</script></svg>"""


def claim(identity, verdict):
    return Claim(identity, "3.2", "x < y & z", verdict, "6.7", "[5.7, 7.7]", "points", "5", (("why", "`a` > -2"),))


def sections():
    figure = Still("fig", inline_svg(FIGURE, "fig", 'says "so"'), "says so", "a <caption>")
    spec = {"mark": "point", "description": "</script><!--"}
    board = Board("claims", (claim("one", "reproduced"), claim("two", "unresolved")), "id\none\ntwo\n")
    inner = Section("inner", "Inner & more", ("text", ("first", "second", "third < 4")), "mnv2 x", [figure])
    parts = [board, grid("t", TABLE), grid("folded", TABLE, folded=True), Chart("c", spec, "al<t", "cap", figure)]
    return [Section("outer", "Outer", ("A <b> of `-1 <`, -1.",), "", parts, [inner])]


def test_everything_is_shown_escaped_and_nothing_is_loaded():
    html = page("A <title>", ["lead & more"], sections(), "window.vegaEmbed = '</script>';")
    text = " ".join(read(html).text)
    for said in ("A <title>", "lead & more", "A <b> of", "third < 4", "a </script>", "Ti<tle", "x < 1", "x < y & z"):
        assert said in text
    assert "−1.23" in text  # rounded, with a minus sign
    assert html.count("<li>") == 3 + 2  # items, and the contents
    assert "default-src 'none'" in html
    assert "http" not in re.sub(r"http-equiv|http://www\.w3\.org/\d+/\w+", "", html)


def test_the_csv_of_a_table_has_every_digit():
    html = page("t", [], sections(), None)
    found = data(html)["csv"]
    assert found["t"] == found["folded"] == TABLE.csv()
    assert list(csv.reader(io.StringIO(found["t"])))[1] == ["a </script>", "-1.23456"]


def test_the_same_parts_give_the_same_bytes():
    assert page("t", [], sections(), "x") == page("t", [], sections(), "x")


def test_without_a_chart_library_a_still_figure_stands_in():
    made = sections()
    assert made[0].parts[3].still is not None
    html = page("t", [], [Section("s", "S", parts=made[0].parts)], None)
    reader = read(html)
    assert "figure-c" not in reader.ids
    assert "figure-fig" in reader.ids
    assert (data(html)["charts"], data(html)["library"]) == ({}, None)


def test_charts_and_their_library_are_kept_whatever_is_in_them():
    found = data(page("t", [], sections(), "var a = '</script><!--';"))
    assert found["charts"]["c"]["description"] == "</script><!--"
    assert found["library"] == "var a = '</script><!--';"


def test_inline_text():
    assert inline("<i> `a -1` -1.5, 3-4, e-05") == "&lt;i&gt; <code>a -1</code> −1.5, 3-4, e-05"
