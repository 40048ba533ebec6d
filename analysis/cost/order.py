"""The order of execution that keeps the fewest bytes live, for tasks that read and make tensors."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, reduce
from heapq import heappop, heappush
from itertools import count
from operator import or_
from typing import NamedTuple


class Task(NamedTuple):
    """Something that runs as a whole: the tensors it reads and makes, bytes that live only while it runs, and which of
    the tensors that it reads it changes in place. Changes of one tensor may come in any order."""

    name: str
    reads: tuple[str, ...]
    makes: tuple[str, ...]
    own: int = 0
    changes: tuple[str, ...] = ()


class Moment(NamedTuple):
    """Live bytes while a task runs: all that is still needed, its inputs, its outputs, its own."""

    name: str
    bytes: int


@dataclass(frozen=True)
class Timeline:
    """Live bytes, task by task."""

    moments: tuple[Moment, ...]

    @property
    def peak(self) -> Moment:
        """The (first) moment with the most live bytes."""
        return max(self.moments, key=lambda moment: moment.bytes)


@dataclass(frozen=True)
class Graph:
    """Tasks in an order that works, the bytes of each tensor, and the tensors that live to the end once there.

    A tensor that no task makes is there from the start.
    """

    tasks: tuple[Task, ...]
    sizes: dict[str, int]
    kept: frozenset[str]

    @cached_property
    def given(self) -> frozenset[str]:
        """Tensors that no task makes."""
        return frozenset(self.sizes) - {name for task in self.tasks for name in task.makes}

    @cached_property
    def start(self) -> int:
        """Live bytes before the first task."""
        return sum(self.sizes[name] for name in self.given)

    @cached_property
    def readers(self) -> dict[str, int]:
        """For each tensor the tasks that read it, as a bit set."""
        sets = dict.fromkeys(self.sizes, 0)
        for index, task in enumerate(self.tasks):
            for name in task.reads:
                sets[name] |= 1 << index
        return sets

    @cached_property
    def needs(self) -> list[int]:
        """For each task the tasks that must run before it, as a bit set: what makes the tensors that it reads, and
        what changes them, unless it does so too."""
        made, ready, needs = dict.fromkeys(self.sizes, 0), dict.fromkeys(self.sizes, 0), []
        for index, task in enumerate(self.tasks):
            needs.append(reduce(or_, ((made if n in task.changes else ready)[n] for n in task.reads), 0))
            for name in task.makes:
                made[name] = ready[name] = 1 << index
            for name in task.changes:
                ready[name] |= 1 << index
        return needs

    @cached_property
    def floor(self) -> int:
        """Bytes below which no order stays: every task needs its inputs, its outputs and its own at once."""
        pinned = self.given & self.kept
        together = ({*task.reads, *task.makes, *pinned} for task in self.tasks)
        return max(
            (sum(self.sizes[name] for name in names) + t.own for names, t in zip(together, self.tasks, strict=True)),
            default=self.start,
        )

    def run(self, index: int, done: int, live: int) -> tuple[int, int]:
        """Live bytes while and after the task runs, when the tasks in the bit set `done` have left `live` bytes."""
        task = self.tasks[index]
        live += sum(self.sizes[name] for name in task.makes)
        during, done = live + task.own, done | 1 << index
        for name in {*task.reads, *task.makes} - self.kept:
            if not self.readers[name] & ~done:
                live -= self.sizes[name]
        return during, live

    def timeline(self, order: Sequence[int] | None = None) -> Timeline:
        """Live bytes in the given order of task numbers, by default the graph's own."""
        done, live, moments = 0, self.start, []
        for index in range(len(self.tasks)) if order is None else order:
            during, live = self.run(index, done, live)
            done |= 1 << index
            moments.append(Moment(self.tasks[index].name, during))
        return Timeline(tuple(moments))

    def reordered(self, order: Sequence[int]) -> "Graph":
        """The same graph with its tasks in another order."""
        return Graph(tuple(self.tasks[index] for index in order), self.sizes, self.kept)


class _State(NamedTuple):
    """Tasks done as a bit set, bytes that they left live, and the order that led here, last task first."""

    done: int
    live: int
    path: tuple | None


def best_order(graph: Graph) -> list[int]:
    """An order of task numbers whose peak is the least of all orders (section 5.1, equation 3), exactly.

    States are sets of tasks done; live bytes depend on the set alone, so the least peak is a shortest path under
    the maximum (Dijkstra). Two things keep it short. No order stays below `graph.floor`, so states below it are
    equal, and among equals the furthest goes on. And a run of tasks that passes no higher than the peak so far and
    leaves no more live than before may go first: whatever an optimal order does later, doing the run now costs it
    nothing, since tasks done in between could only have freed more at once. Exponential in the number of parallel
    branches at worst.
    """
    ticket = count()  # keeps the heap from comparing states
    heap = [(graph.floor, 0, next(ticket), _State(0, graph.start, None))]
    seen: set[int] = set()
    whole = (1 << len(graph.tasks)) - 1
    while True:
        peak, _, _, state = heappop(heap)
        if state.done in seen:
            continue
        seen.add(state.done)
        if state.done == whole:
            return _unwind(state.path)[::-1]
        free = next(_free_runs(graph, state, peak), None)
        for during, after in [(peak, free)] if free else _steps(graph, state):
            if after.done not in seen:
                heappush(heap, (max(peak, during), -after.done.bit_count(), next(ticket), after))


def _steps(graph: Graph, state: _State, among: int = -1) -> list[tuple[int, _State]]:
    """Bytes during, and the state after, each task of the bit set `among` that can run."""
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
    """States behind runs of tasks, each reading what the one before made, that cost nothing to do first."""
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
