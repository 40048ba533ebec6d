"""The best order of execution is compared with every order of small graphs, and with the Plan's own order."""

from itertools import permutations

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from random_variants import variants

from analysis.arch import parse_variant, preset, unroll
from analysis.cost.graph import Graph, Task
from analysis.cost.memory import least_memory, memory, memory_graph
from analysis.cost.order import best_order
from analysis.cost.splitting import inner_channels, splittable
from analysis.problem import Problem


@st.composite
def graphs(draw, most):
    """Up to `most` tasks, each of which reads some tensors and makes one or two or changes one that it reads."""
    names, tasks, sizes = ["image"], [], {"image": draw(st.integers(1, 9))}
    for index in range(draw(st.integers(1, most))):
        reads = draw(st.lists(st.sampled_from(names), max_size=3, unique=True))
        made = [f"t{index}{end}" for end in draw(st.sampled_from(["", "a", "ab"] if reads else ["a", "ab"]))]
        sizes |= {name: draw(st.integers(0, 9)) for name in made}
        names += made
        own = draw(st.integers(0, 3))
        tasks.append(Task(f"task{index}", tuple(reads), tuple(made), own, () if made else tuple(reads[:1])))
    return Graph(tuple(tasks), sizes, frozenset(draw(st.sets(st.sampled_from(names), max_size=3))))


def allowed(graph, order):
    """Whether, in this order, each task reads the same contents as in the graph's own order."""
    place = {index: at for at, index in enumerate(order)}
    for index, task in enumerate(graph.tasks):
        for before, other in enumerate(graph.tasks[:index]):
            made = set(other.makes) & set(task.reads)
            changed = set(other.changes) & (set(task.reads) - set(task.changes))
            if (made or changed) and place[before] > place[index]:
                return False
    return True


@st.composite
def parallel_chains(draw):
    """Two or three chains of two tasks from one image into one sum in place, often of equal sizes, as a split block."""
    some = st.integers(1, 2)
    tasks, sizes = [Task("total", ("image",), ("total",))], {"image": draw(some), "total": draw(some)}
    for index in range(draw(st.integers(2, 3))):
        inner = f"inner{index}"
        sizes[inner] = draw(some)
        tasks.append(Task(inner, ("image",), (inner,), draw(st.integers(0, 1))))
        tasks.append(Task(f"sum{index}", ("total", inner), (), changes=draw(st.sampled_from([("total",), ()]))))
    return Graph(tuple(tasks), sizes, frozenset(draw(st.sets(st.sampled_from(sorted(sizes)), max_size=1))))


@settings(max_examples=80)
@given(graphs(most=6) | parallel_chains())
def test_no_order_of_a_small_graph_has_a_lower_peak(graph):
    order = best_order(graph)
    assert sorted(order) == list(range(len(graph.tasks)))
    assert allowed(graph, order)
    orders = [each for each in permutations(range(len(graph.tasks))) if allowed(graph, each)]
    least = min(graph.timeline(each).peak.bytes for each in orders)
    assert graph.timeline(order).peak.bytes == least
    assert graph.reordered(order).timeline() == graph.timeline(order)


@pytest.mark.parametrize("schedule", ["eager", "folded", "block"])
@pytest.mark.parametrize(
    "text",
    [
        preset("brief", shortcut="expansion").text,
        preset("imagenet").text,
        "shufflenet_v1(width=0.5)",
        "mobilenet_v1()",
        "ssd(backbone=mobilenet_v2(resolution=320))",
        "deeplab_v3(backbone=mobilenet_v2(resolution=513))",
    ],
)
def test_the_best_order_is_never_worse_than_the_plans_own(text, schedule):
    plan = unroll(parse_variant(text))
    assert 0 < least_memory(plan, schedule).peak.bytes <= memory(plan, schedule).peak.bytes


@given(graphs(most=14))
def test_the_best_order_of_a_random_graph_is_never_worse_than_its_own(graph):
    order = best_order(graph)
    assert sorted(order) == list(range(len(graph.tasks)))
    assert allowed(graph, order)
    assert graph.floor <= graph.timeline(order).peak.bytes <= graph.timeline().peak.bytes


@settings(max_examples=30)
@given(variants, st.sampled_from(["eager", "folded", "block", "split"]), st.integers(1, 4))
def test_the_best_order_of_a_random_variant_is_never_worse_than_its_own(variant, schedule, ways):
    plan = unroll(variant)
    if schedule == "split":
        assume(all(ways <= inner_channels(block.body) for block in splittable(plan)) and splittable(plan))
    assert 0 < least_memory(plan, schedule, ways=ways).peak.bytes <= memory(plan, schedule, ways=ways).peak.bytes


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


def test_bytes_follow_from_the_elements():
    plan = unroll(preset("imagenet"))
    eager = memory(plan)
    # Section 5.1: the largest sum of input and output. Here it is at the norm of the second block, 96 channels of
    # 112 x 112, plus the image that the caller holds and the block's input that the loop holds.
    assert eager.peak.name == "bottleneck2.expand.norm"
    assert eager.peak.bytes == 4 * (2 * 96 * 112 * 112 + 16 * 112 * 112 + 3 * 224 * 224)
    assert memory(plan, bits=8).peak.bytes * 4 == eager.peak.bytes == memory(plan, batch=3).peak.bytes // 3
    assert memory(plan, "split", ways=4).peak.bytes < memory(plan, "folded").peak.bytes
    assert memory(plan, "block").peak.bytes < memory(plan, "split", ways=4).peak.bytes


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"schedule": "lazy"}, "unknown schedule 'lazy'"),
        ({"bits": 7}, "elements of 7 bits"),
        ({"batch": 0}, "batch 0"),
        ({"schedule": "split", "ways": 1000}, "not 1000"),
        ({"schedule": "split", "ways": 0}, "not 0"),
    ],
)
def test_mistakes_are_problems(changes, message):
    with pytest.raises(Problem, match=message):
        memory(unroll(preset("brief")), **changes)
    with pytest.raises(Problem, match="no order of execution helps training"):
        least_memory(unroll(preset("brief")), "training")
    with pytest.raises(Problem, match="no block of this network splits"):
        memory(unroll(parse_variant("mobilenet_v1()")), "split")
