"""The page of all results: what it shows of made runs, and who stands where on the front."""

import json
import re
from pathlib import Path

import made_results
import pytest
from html_reader import data, read

from analysis.arch import preset
from analysis.problem import Problem
from analysis.reference import claims
from experiments.page.imagenet import FAMILIES, measured, published
from experiments.page.shelves import SHELVES, shelf_section
from experiments.page.tradeoff import BEATEN, EVERY, FRONT, UNPLACED, UNTOLD, Point, groups, placements


@pytest.fixture(scope="module")
def results(tmp_path_factory):
    folder = tmp_path_factory.mktemp("results")
    with pytest.MonkeyPatch.context() as patch:
        made_results.fill(folder, patch)
        made_results.write_page(folder)
        yield folder


def test_the_page_holds_every_section_that_has_files(results):
    html = (results / "report.html").read_text()
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
    assert re.findall(r'<section class="panel" id="([^"]+)"', html)[2:] == [
        "study-linear-bottleneck-cifar10-brief",
        "study-width-resolution-cifar10-brief",
    ]
    assert "mnv2 study run width-resolution" in html
    assert "Made &lt;table&gt;" in html


def test_the_committed_page_is_whole_and_small():
    html = (Path(__file__).parents[2] / "results" / "report.html").read_text()
    read(html)
    assert len(html.encode()) < 3_000_000
    assert html.count('<tbody class="claim"') == len(claims())


def test_files_that_no_section_knows_come_last(results):
    made_results.Table("Mine", ("a",), [(1,)]).write(results / "tables" / "my-study-cifar10-brief")
    made_results.Table("Mine", ("a",), [(1,)]).write(results / "tables" / "my-study-synthetic-brief")
    html = made_results.write_page(results).read_text()
    assert re.findall(r'<section id="([^"]+)"', html)[-2:] == ["further-results", "environment"]
    assert 'id="my-study-cifar10-brief-table"' in html
    assert "my-study-synthetic" not in html
    (results / "tables" / "my-study-cifar10-brief.csv").unlink()


def test_the_same_records_give_the_same_page(results):
    before = made_results.write_page(results).read_bytes()
    made_results.write_page(results)
    assert (results / "report.html").read_bytes() == before


def test_charts_have_every_run_and_every_variant(results):
    pytest.importorskip("vl_convert", reason="the extra `report` is not installed")
    html = (results / "report.html").read_text()
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


def test_a_shelf_without_files_has_no_section(tmp_path):
    assert [shelf_section(shelf, tmp_path) for shelf in SHELVES] == [None] * len(SHELVES)


def test_latencies_come_from_what_was_measured(tmp_path):
    assert measured(tmp_path) == {}
    rows = [{"network": "0.5_96", "memory": 7, "latency": {"eager": {"median": 3.5, "low": 3.0}}}]
    (tmp_path / "latency.json").write_text(json.dumps({"networks": rows}))
    assert measured(tmp_path) == {"mobilenet_v2_0.5_96": {"memory": 7, "eager": 3.5}}
    (tmp_path / "latency.json").write_text("[1]")
    with pytest.raises(Problem, match=r"latency\.json holds no latencies"):
        measured(tmp_path)


def point(name, madds, accuracies, studies=("s",), axes=("kernel",)):
    runs = dict(enumerate(accuracies))
    return Point(
        preset("brief", last=name), "here", runs, {study: "arm" for study in studies}, axes, {"madds": float(madds)}
    )


def test_places_on_the_front():
    cheap, good = point(1, 100, [50, 51, 52]), point(2, 200, [60, 61, 62.5])
    beaten, close = point(3, 300, [40, 41, 43]), point(4, 210, [60.5, 60.9, 62])
    partly = point(5, 90, [55, None, 60])
    found = placements([cheap, good, beaten, close, partly], "madds")
    assert [found[p.variant.text].place for p in (cheap, good, beaten, close, partly)] == [
        FRONT,
        FRONT,
        BEATEN,
        UNTOLD,
        UNPLACED,
    ]
    assert {p.place for p in placements([point(1, 1, [5.0]), point(2, 2, [6.0])], "madds").values()} == {UNPLACED}


def test_groups_are_every_choice_of_study_and_axis():
    base = point(1, 1, [1.0], ("s", "t"), ())
    wide, other = point(2, 2, [1.0], ("s",), ("width",)), point(3, 3, [1.0], ("t",), ("kernel", "rounding"))
    found = {(study, axis): chosen for _, study, axis, chosen in groups([base, wide, other])}
    assert set(found) == {
        *((EVERY, axis) for axis in (EVERY, "width", "kernel", "rounding")),
        *(("s", axis) for axis in (EVERY, "width")),
        *(("t", axis) for axis in (EVERY, "kernel", "rounding")),
    }
    assert found[EVERY, "width"] == found["s", "width"] == [base, wide]
    assert found["t", EVERY] == [base, other]


def test_published_points_have_a_family_and_numbers_as_printed():
    rows = published({"mobilenet_v2_1.0_224": {"eager": 12.34567}})
    assert len(rows) == 87
    assert {row["group"] for row in rows} == set(FAMILIES)
    base = next(row for row in rows if row["name"] == "mobilenet_v2_1.0_224")
    assert (base["eager"], base["eager_text"]) == (12.34567, "12.346 ms")
    assert [row["name"] for row in rows if "eager" in row] == ["mobilenet_v2_1.0_224"]
    assert (base["accuracy"], base["madds"], base["params"], base["ms"]) == (71.8, 300e6, 3.47e6, 73.8)
