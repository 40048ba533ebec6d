"""The graph of a schedule: twins, and who waits for whom."""

from analysis.arch import preset, unroll
from analysis.cost.memory import memory_graph
from analysis.cost.order import best_order


def test_groups_of_one_size_are_twins_and_many_ways_are_soon_ordered():
    graph = memory_graph(unroll(preset("brief")), "split", 32, 24, 1, held=False)
    assert max(len(chains) for chains in graph.twins) == 23  # the first group makes the sum, the others add to it
    assert graph.timeline(best_order(graph)).peak.bytes <= graph.timeline().peak.bytes


def test_a_sum_in_place_is_whole_before_anything_reads_it():
    graph = memory_graph(unroll(preset("brief")), "split", 32, 3, 1, held=False)
    number = {task.name: index for index, task in enumerate(graph.tasks)}
    sums = [number[f"bottleneck1.group{g}.sum"] for g in (2, 3)]
    assert all(graph.needs[number["bottleneck2.group1.expand.conv"]] >> index & 1 for index in sums)
    assert not any(graph.needs[sums[1]] >> index & 1 for index in sums)  # which of them comes first is free
