"""The best order of execution is the best: against every order of small graphs, and against the Plan's own order."""

from itertools import permutations

from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.cost.graph import Graph, Task
from analysis.cost.order import best_order


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


@given(graphs(most=14))
def test_the_best_order_of_a_random_graph_is_never_worse_than_its_own(graph):
    order = best_order(graph)
    assert sorted(order) == list(range(len(graph.tasks)))
    assert allowed(graph, order)
    assert graph.floor <= graph.timeline(order).peak.bytes <= graph.timeline().peak.bytes
