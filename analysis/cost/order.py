"""The order of execution that keeps the fewest bytes live."""

from collections.abc import Iterator, Sequence
from heapq import heappop, heappush
from itertools import count
from typing import NamedTuple

from analysis.cost.graph import Graph


class _State(NamedTuple):
    """The finished tasks as a bit set, the bytes that they left live, and the order that led here, last task first."""

    done: int
    live: int
    path: tuple | None


def best_order(graph: Graph) -> list[int]:
    """An order of task numbers with the exact lowest peak of all orders (section 5.1, equation 3).

    States are sets of finished tasks. Live bytes depend only on the set, so the lowest peak is a shortest path under
    the maximum (Dijkstra). Three things keep the search short:

    - No order has a peak below `graph.floor`. States below it are equal, and of equals the furthest goes first.
    - A run of tasks that does not exceed the peak so far and leaves no more bytes live than before may go first.
      Whatever an optimal order does later, running these tasks now costs it nothing, because tasks in between could
      only have freed more at once.
    - Sets that differ only in how far each of some `twins` has run are one state.

    At worst, the search is exponential in the number of parallel branches.
    """
    ticket = count()  # keeps the heap from comparing states
    heap = [(graph.floor, 0, next(ticket), _State(0, graph.start, None))]
    seen: set[tuple] = set()
    whole = (1 << len(graph.tasks)) - 1
    while True:
        peak, _, _, state = heappop(heap)
        key = graph.alike(state.done)
        if key in seen:
            continue
        seen.add(key)
        if state.done == whole:
            return _unwind(state.path)[::-1]
        free = next(_free_runs(graph, state, peak), None)
        for during, after in [(peak, free)] if free else _steps(graph, state):
            if graph.alike(after.done) not in seen:
                heappush(heap, (max(peak, during), -after.done.bit_count(), next(ticket), after))


def _steps(graph: Graph, state: _State, among: int = -1) -> list[tuple[int, _State]]:
    """For each task of the bit set `among` that can run, the live bytes during it and the state after it."""
    steps, waiting = [], among & ~state.done & ((1 << len(graph.tasks)) - 1)
    while waiting:
        bit = waiting & -waiting
        waiting ^= bit
        index = bit.bit_length() - 1
        if not graph.needs[index] & ~state.done:
            during, live = graph.run(index, state.done, state.live)
            steps.append((during, _State(state.done | bit, live, (index, state.path))))
    return steps


def _free_runs(graph: Graph, state: _State, peak: int) -> Iterator[_State]:
    """States after runs of tasks that cost nothing to do first. Each task reads what the one before made."""
    for step in _steps(graph, state):
        during, after = step
        while during <= peak:
            if after.live <= state.live:
                yield after
                break
            made = graph.tasks[after.path[0]].makes if after.path else ()
            following = _steps(graph, after, sum(1 << i for i in _indices(graph, made)))
            if len(following) != 1:
                break
            during, after = following[0]


def _indices(graph: Graph, names: Sequence[str]) -> set[int]:
    """Numbers of the tasks that read one of these tensors."""
    sets = 0
    for name in names:
        sets |= graph.readers[name]
    return {index for index in range(sets.bit_length()) if sets >> index & 1}


def _unwind(path: tuple | None) -> list[int]:
    order = []
    while path:
        index, path = path
        order.append(index)
    return order
