"""Prices come from the best runs at each budget; costs are counted or measured."""

import json
from dataclasses import replace

import pytest
from made_gaps import record, runs

from analysis.problem import Problem
from analysis.tasks.classification.recipe import TUNED_RATE
from experiments.measurements.price.parts import parts
from experiments.measurements.price.rows import Timed, adds, measured, slower, stored, timed


def line(found, name, latencies=None):
    (made,) = measured(found, latencies)
    return next(each for each in made.lines if each.part.name == name)


def test_a_price_is_the_difference_of_the_networks_at_each_budget():
    found = [each for epochs in (1, 30) for each in runs({"linear": 60 + epochs, "no shortcut": 50}, epochs)]
    prices = line(found, "shortcuts").prices
    assert [prices[epochs] and round(prices[epochs].points, 6) for epochs in (1, 3, 10, 30, 100)] == [
        11,
        None,
        None,
        40,
        None,
    ]
    assert prices[1].low < 11 < prices[1].high
    assert line(found, "linear bottleneck, not ReLU6").prices[1] is None


def test_the_chosen_rate_and_the_copy_without_a_note_come_first():
    older = [replace(each, note="") for each in runs({"linear": 60, "no shortcut": 50})]
    jpeg = [replace(each, note="JPEG copy", trial=replace(each.trial, digest="1" * 64)) for each in older]

    assert line([*jpeg, *older], "shortcuts").prices[1].ours.digest == "0" * 64
    chosen = runs({"linear": 58, "no shortcut": 55}, peak_rate=TUNED_RATE)
    assert line([*older, *chosen], "shortcuts").prices[1].points == pytest.approx(3)


def test_a_marginal_point_is_that_of_ten_percent_more():
    part = next(each for each in parts() if each.name == "10 % more resolution")
    ((large, small),) = part.variants
    found = [
        record(variant, percent + seed / 10, seed)
        for variant, percent in ((large, 60), (small, 50))
        for seed in range(3)
    ]
    assert line(found, part.name).prices[1].points == pytest.approx(10 * part.share)
    assert adds(part)["MAdds"] == pytest.approx(21, abs=0.1)  # 1.1 squared
    assert adds(part)["parameters"] == pytest.approx(0)


def test_a_mean_of_pairs_waits_for_all_of_them():
    part = next(each for each in parts() if len(each.pairs) > 1)
    some = [record(v, 50 + seed / 10, seed) for pair in part.variants[:2] for v in pair for seed in range(3)]
    rest = [record(v, 50 + seed / 10, seed) for v in part.variants[2] for seed in range(3)]
    assert measured(some) == []
    assert line([*some, *rest], part.name).prices[1].points == pytest.approx(0)


def test_latency_is_added_where_all_networks_of_a_part_were_timed():
    part = parts()[0]
    ((a, b),) = part.variants
    assert slower(part, None) is None
    assert slower(part, Timed({a.text: {"turns": [3.0, 3.0]}}, {}, {})) is None
    both = Timed({a.text: {"turns": [3.0, 6.3, 3.0]}, b.text: {"turns": [2.0, 4.0, 2.1]}}, {}, {})
    found = slower(part, both)
    assert found and found.percent == pytest.approx(50, abs=1) and found.low < 50 < found.high < 70


def test_without_runs_there_is_no_list_and_a_damaged_file_is_named(tmp_path):
    assert stored(tmp_path) == [] and timed(tmp_path) is None
    (tmp_path / "price.json").write_text(json.dumps({"latency": {}}))
    with pytest.raises(Problem, match="price.json is damaged .* mnv2 price --measure"):
        timed(tmp_path)
