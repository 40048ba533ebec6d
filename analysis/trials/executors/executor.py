"""What an executor is: called with trials, it yields their records as they come, in no promised order."""

from collections.abc import Callable, Generator, Iterable

from analysis.trials.record import Record
from analysis.trials.trial import Trial

Run = Callable[[Trial], Record]
# It draws a trial from the iterable when it has room for one, and stops what it runs when the generator is closed.
Executor = Callable[[Iterable[Trial]], Generator[Record, None, None]]


class WorkerDied(Exception):
    """Workers ended before their trials did: killed, out of memory, or their machine is lost.

    `hopeless`: trials that the executor itself has started as often as is worth while.
    """

    def __init__(self, reason: str, hopeless: Iterable[Trial] = ()):
        super().__init__(reason)
        self.hopeless = tuple(hopeless)
