"""Section 5.1: the peak of memory against the largest sum of an operation's inputs and outputs."""

from analysis.reference import table
from experiments.audit.schedules import GRANULARITIES, NETWORKS, memory_bottleneck, memory_order


def test_every_network_is_asked_at_every_granularity():
    assert len(list(memory_order())) == len(NETWORKS) * len(GRANULARITIES)


def test_the_short_form_is_never_above_the_exact_peak():
    assert all(row.printed <= row.computed for row in (*memory_order(), *memory_bottleneck()))


def test_every_released_checkpoint_has_its_bottleneck():
    assert len(list(memory_bottleneck())) == len(table("slim_mobilenet_v2"))


def test_the_short_form_fails_where_a_shortcut_waits_at_the_peak():
    rows = {row.id: row for row in memory_order()}
    assert {name for name, row in rows.items() if row.verdict != "exact"} == {
        "memory-order-MobileNetV2-for-32-x-32-folded"
    }
    row = rows["memory-order-MobileNetV2-for-32-x-32-folded"]
    assert row.computed - row.printed == 24 * 32 * 32 * 2  # the bottleneck's input, which its addition reads again


def test_the_first_convolution_sets_the_peak_of_narrow_networks():
    rows = {row.id.rpartition("mobilenet_v2_")[2]: row for row in memory_bottleneck()}
    assert len(rows) == 22
    assert {name.split("_")[0] for name, row in rows.items() if row.verdict == "differs"} == {"0.35", "0.5"}
    assert all("first convolution" in row.explanation for row in rows.values() if row.verdict == "differs")
    assert rows["0.5_224"].computed == (3 * 224**2 + 16 * 112**2) * 2
