"""The page of all results: what it shows of made runs, and that the same runs give the same bytes."""

import re
from pathlib import Path

import made_results
import pytest
from html_reader import data, read

from analysis.reference import claims

ROOT = Path(__file__).parents[3]


@pytest.fixture(scope="module")
def results(tmp_path_factory):
    folder = tmp_path_factory.mktemp("results")
    with pytest.MonkeyPatch.context() as patch:
        made_results.fill(folder, patch)
        yield folder


@pytest.fixture(scope="module")
def first(results):
    """The page as it was before any test changed the results."""
    return made_results.write_page(results).read_bytes()


def test_the_page_holds_every_section_that_has_something_to_show(first):
    html = first.decode()
    read(html)
    assert len(html.encode()) < 3_000_000
    assert html.count('<tbody class="claim"') == len(claims())
    assert re.findall(r'<section id="([^"]+)"', html) == [
        "claims",
        "audit",
        "tradeoff",
        "ablations",
        "relu-on-a-manifold",
        "environment",
    ]
    assert re.findall(r'<section class="panel" id="([^"]+)"', html)[4:] == [
        "study-linear-bottleneck-cifar10-brief",
        "study-width-resolution-cifar10-brief",
    ]
    assert "mnv2 study run width-resolution" in html
    assert "Made &lt;table&gt;" in html
    assert 'aria-label="a spiral"' in html


def test_the_committed_page_is_whole_and_small():
    html = (ROOT / "results" / "report.html").read_text()
    read(html)
    assert len(html.encode()) < 3_000_000
    assert html.count('<tbody class="claim"') == len(claims())


def test_files_that_no_answer_writes_come_last(results):
    made_results.Table("Mine", ("a",), [(1,)]).write(results / "tables" / "my-study-cifar10-brief")
    html = made_results.write_page(results).read_text()
    assert re.findall(r'<section id="([^"]+)"', html)[-2:] == ["further-results", "environment"]
    assert "<li><code>tables/my-study-cifar10-brief.md</code></li>" in html
    (results / "tables" / "my-study-cifar10-brief.md").unlink()


def test_the_same_records_give_the_same_page(results, first):
    assert made_results.write_page(results).read_bytes() == first


def test_charts_have_every_run_and_every_variant(first):
    pytest.importorskip("vl_convert", reason="the extra `report` is not installed")
    html = first.decode()
    charts = data(html)["charts"]
    runs = charts["runs-linear-bottleneck-cifar10-brief"]
    points = max((layer["data"]["values"] for layer in runs["layer"]), key=len)
    assert len(points) == 7 * 5 - 1  # one diverged
    assert all(re.fullmatch(r"mnv2 trial show [0-9a-f]{12}", point["run"]) for point in points)
    variants = charts["tradeoff"]["data"]["values"]
    assert len(variants) == 7 + 15 - 1  # the studies share the brief network
    shared = next(v for v in variants if len(v["studies"]) == 2)
    assert (shared["arms"], shared["axes"]) == ("linear-bottleneck: linear; width-resolution: 1 at 32", [])
    assert shared["reached"].endswith("n = 5")


def test_without_charts_the_page_has_still_figures(results, monkeypatch):
    monkeypatch.setattr("experiments.page.contents.chart_library", lambda: None)
    html = made_results.write_page(results).read_text()
    assert (data(html)["charts"], data(html)["library"]) == ({}, None)
    assert 'id="figure-linear-bottleneck-cifar10-brief"' in html
    assert 'id="figure-tradeoff"' in html
    assert html.count('role="img"') == 4  # trade-off, two studies, panels
