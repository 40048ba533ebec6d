"""Section 5.1: the peak of memory against the largest sum of an operation's inputs and outputs."""

from analysis.reference import table
from experiments.audit.schedules import GRANULARITIES, NETWORKS, memory_bottleneck, memory_order


def test_every_network_is_asked_at_every_granularity():
    assert len(list(memory_order())) == len(NETWORKS) * len(GRANULARITIES)


def test_the_short_form_is_never_above_the_exact_peak():
    assert all(row.printed <= row.computed for row in (*memory_order(), *memory_bottleneck()))


def test_every_released_checkpoint_has_its_bottleneck():
    assert len(list(memory_bottleneck())) == len(table("slim_mobilenet_v2"))
