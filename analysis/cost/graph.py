"""Tasks that read and make tensors, and the bytes that are live while they run in some order."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, reduce
from operator import or_
from typing import NamedTuple


class Task(NamedTuple):
    """A unit of execution: the tensors that it reads and makes, and its own bytes, which live only while it runs.

    `changes` are those of the tensors it reads that it changes in place. Changes of one tensor may run in any order.
    """

    name: str
    reads: tuple[str, ...]
    makes: tuple[str, ...]
    own: int = 0
    changes: tuple[str, ...] = ()


class Moment(NamedTuple):
    """Live bytes while a task runs: everything that is still needed, and the task's inputs, outputs and own bytes."""

    name: str
    bytes: int


@dataclass(frozen=True)
class Timeline:
    """Live bytes, task by task."""

    moments: tuple[Moment, ...]

    @property
    def peak(self) -> Moment:
        """The first moment with the most live bytes."""
        return max(self.moments, key=lambda moment: moment.bytes)


@dataclass(frozen=True)
class Graph:
    """Tasks in a valid order, the bytes of each tensor, and the tensors that, once made, live to the end.

    A tensor that no task makes is live from the start.
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
        """For each tensor, the tasks that read it, as a bit set."""
        sets = dict.fromkeys(self.sizes, 0)
        for index, task in enumerate(self.tasks):
            for name in task.reads:
                sets[name] |= 1 << index
        return sets

    @cached_property
    def needs(self) -> list[int]:
        """For each task, the tasks that must run before it, as a bit set.

        They are the tasks that make the tensors it reads, and those that change them. Tasks that change the same
        tensor do not wait for each other.
        """
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
        """A lower bound of the peak in bytes: every task needs its inputs, its outputs and its own bytes at once."""
        pinned = self.given & self.kept
        together = ({*task.reads, *task.makes, *pinned} for task in self.tasks)
        return max(
            (sum(self.sizes[name] for name in names) + t.own for names, t in zip(together, self.tasks, strict=True)),
            default=self.start,
        )

    @cached_property
    def twins(self) -> list[list[int]]:
        """Groups of interchangeable chains of tasks, as bit sets.

        Step by step, the chains of a group read the same tensors, wait for the same tasks, have the same tasks wait for
        them, and make tensors of the same sizes. The groups of a split block are such chains.
        """
        after = [self._only_reader(task) for task in self.tasks]
        inside = {j for j in after if j is not None and after.count(j) == 1}
        groups: dict[tuple, list[int]] = {}
        for first in set(range(len(self.tasks))) - inside:
            chain = [first]
            while (following := after[chain[-1]]) in inside:
                chain.append(following)
            groups.setdefault(self._signature(chain), []).append(sum(1 << i for i in chain))
        return [chains for chains in groups.values() if len(chains) > 1]

    def _only_reader(self, task: Task) -> int | None:
        """The number of the only task that reads what this one makes, if that task reads all of it."""
        readers = {self.readers[name] for name in task.makes}
        only = readers.pop() if len(readers) == 1 else 0
        return only.bit_length() - 1 if only.bit_count() == 1 else None

    def _signature(self, chain: list[int]) -> tuple:
        own = sum(1 << i for i in chain)
        made = {name for i in chain for name in self.tasks[i].makes}
        return tuple(
            (
                frozenset(self.tasks[i].reads) - made,
                tuple(sorted((self.sizes[n], n in self.kept, self.readers[n] & ~own) for n in self.tasks[i].makes)),
                self.tasks[i].own,
                self.needs[i] & ~own,
                sum(1 << j for j, needed in enumerate(self.needs) if needed >> i & 1) & ~own,
            )
            for i in chain
        )

    def alike(self, done: int) -> tuple:
        """A key of the tasks done, the same for sets that differ only by `twins` and so continue in the same way."""
        rest, counts = done, []
        for chains in self.twins:
            counts.append(tuple(sorted((done & chain).bit_count() for chain in chains)))
            for chain in chains:
                rest &= ~chain
        return rest, *counts

    def run(self, index: int, done: int, live: int) -> tuple[int, int]:
        """Live bytes during and after the task, given that the tasks in the bit set `done` have left `live` bytes."""
        task = self.tasks[index]
        live += sum(self.sizes[name] for name in task.makes)
        during, done = live + task.own, done | 1 << index
        for name in {*task.reads, *task.makes} - self.kept:
            if not self.readers[name] & ~done:
                live -= self.sizes[name]
        return during, live

    def timeline(self, order: Sequence[int] | None = None) -> Timeline:
        """Live bytes in the given order of task numbers, by default in the graph's own order."""
        done, live, moments = 0, self.start, []
        for index in range(len(self.tasks)) if order is None else order:
            during, live = self.run(index, done, live)
            done |= 1 << index
            moments.append(Moment(self.tasks[index].name, during))
        return Timeline(tuple(moments))

    def reordered(self, order: Sequence[int]) -> "Graph":
        """The same graph with its tasks in another order."""
        return Graph(tuple(self.tasks[index] for index in order), self.sizes, self.kept)
