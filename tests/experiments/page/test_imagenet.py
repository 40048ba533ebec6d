"""Published accuracies have a family, and numbers as printed."""

import json

import pytest

from analysis.problem import Problem
from experiments.page.imagenet import FAMILIES, imagenet_chart, imagenet_table, measured, published

TIMED = {(1.0, 224): {"eager": 12.34567, "folded": 4816896}}


def test_latencies_come_from_what_was_measured_on_one_thread(tmp_path):
    assert measured(tmp_path) == {}
    rows = [{"width": 0.5, "resolution": 96, "memory": 7, "latency": {"eager": {"median": 3.5, "low": 3.0}}}]
    for stem, threads in (("latency", 1), ("latency-2-threads", 2)):
        whole = {"networks": rows * threads, "conditions": {"threads": threads}, "environment": {}}
        (tmp_path / f"{stem}.json").write_text(json.dumps(whole))
        rows = [rows[0] | {"memory": 8}]
    assert measured(tmp_path) == {(0.5, 96): {"folded": 7, "eager": 3.5}}
    (tmp_path / "latency.json").write_text("[1]")
    with pytest.raises(Problem, match=r"latency\.json is damaged"):
        measured(tmp_path)


def test_published_points_have_a_family_and_numbers_as_printed():
    rows = list(published(TIMED))
    assert len(rows) == 87
    assert {row["group"] for row in rows} == set(FAMILIES)
    base = next(row for row in rows if row["name"] == "mobilenet_v2_1.0_224")
    assert (base["eager"], base["eager_text"]) == (12.34567, "12.346 ms")
    assert (base["folded"], base["folded_text"]) == (4816896, "4,816,896 bytes")
    assert [row["name"] for row in rows if "eager" in row] == ["mobilenet_v2_1.0_224"]
    assert (base["accuracy"], base["madds"], base["params"], base["pixel1"]) == (71.8, 300e6, 3.47e6, 73.8)
    assert (base["madds_text"], base["params_text"], base["pixel1_text"]) == ("300 M", "3.47 M", "73.8 ms")


@pytest.mark.parametrize(("timed", "costs"), [({}, 3), (TIMED, 5)])
def test_a_cost_that_nobody_measured_has_no_column(timed, costs):
    assert len(imagenet_table(timed).columns) == 1 + costs + 2


def test_the_chart_offers_every_cost_that_is_known():
    pytest.importorskip("altair", reason="the extra `report` is not installed")
    for timed, costs in (({}, 3), (TIMED, 5)):
        chart = imagenet_chart(timed)
        (quantity,) = [each for each in chart.spec["params"] if each["name"] == "quantity"]
        assert len(quantity["bind"]["options"]) == costs
