"""The best order of execution is the best: against every order of small graphs, and against the Plan's own order."""

from itertools import permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.arch import parse_variant, preset, unroll
from analysis.cost.memory import least_memory, memory
from analysis.cost.order import Graph, Task, best_order
from analysis.problem import Problem


@st.composite
def graphs(draw):
    """Up to six tasks, each reading some of what is there and making one or two tensors."""
    names, tasks, sizes = ["image"], [], {"image": draw(st.integers(1, 9))}
    for index in range(draw(st.integers(1, 6))):
        reads = draw(st.lists(st.sampled_from(names), max_size=3, unique=True))
        made = [f"t{index}{end}" for end in draw(st.sampled_from(["a", "ab"]))]
        sizes |= {name: draw(st.integers(0, 9)) for name in made}
        names += made
        tasks.append(Task(f"task{index}", tuple(reads), tuple(made), draw(st.integers(0, 3))))
    return Graph(tuple(tasks), sizes, frozenset(draw(st.sets(st.sampled_from(names), max_size=3))))


def allowed(graph, order):
    done = 0
    for index in order:
        if graph.needs[index] & ~done:
            return False
        done |= 1 << index
    return True


@settings(max_examples=80)
@given(graphs())
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


def test_bytes_follow_from_the_elements():
    plan = unroll(preset("imagenet"))
    eager = memory(plan)
    # Section 5.1: the largest sum of input and output; here the norm of the second block, 96 channels of 112 x 112,
    # beside the image that the caller holds and the block's input that the loop holds.
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
