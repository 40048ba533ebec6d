"""What a layer buys agrees with all keys of the benchmark, and the front holds what none beats."""

import pytest

from analysis.arch.nas_bench_macro import published
from analysis.reference import table
from experiments.measurements.macro.rows import CHANGES, front, gains, madds


@pytest.fixture(scope="module")
def found():
    return {(gain.layer, gain.change): gain for gain in gains()}


def test_there_is_a_gain_for_each_change_of_each_layer(found):
    assert len(found) == 8 * len(CHANGES)
    assert all(gain.low < gain.points < gain.high and gain.madds > 0 for gain in found.values())


@pytest.mark.parametrize("layer", [1, 6])
def test_a_first_layers_gain_is_the_mean_over_the_table_by_key(found, layer):
    """Its identity is where it is, so that pairs are those of keys, each as often as keys mean its networks. Networks
    whose later layers have no identity are meant by one key each."""
    rows = {row["key"]: row for row in table("nas_bench_macro")}
    accuracy = {key: sum(float(row[f"accuracy{run}"]) for run in (1, 2, 3)) / 3 for key, row in rows.items()}
    runs = published()
    for change, (old, new) in CHANGES.items():
        keys = [key for key in runs if key[layer - 1] == old]
        others = [f"{key[: layer - 1]}{new}{key[layer:]}" for key in keys]
        mean = sum(accuracy[other] - accuracy[key] for key, other in zip(keys, others, strict=True)) / len(keys)
        assert found[layer, change].points == pytest.approx(mean)
        assert found[layer, change].pairs == len(keys)


def test_the_front_is_what_none_beats():
    runs, cost = published(), madds()
    best = front()
    assert [each.madds for each in best] == sorted(each.madds for each in best)
    for key, values in runs.items():
        accuracy = sum(values) / len(values)
        above = max(each.accuracy for each in best if each.madds <= cost[key])
        assert accuracy <= above
        if key in {each.key for each in best}:
            assert accuracy == pytest.approx(above)
