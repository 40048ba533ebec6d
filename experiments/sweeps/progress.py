"""How a sweep looks while it runs: a live table on a terminal, lines and a heartbeat otherwise."""

import statistics
import threading
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

from analysis.trials.record import Record
from analysis.trials.sweep import Event, Report, last_line
from analysis.trials.trial import Trial

if TYPE_CHECKING:
    from rich.table import Table

HEARTBEAT_SECONDS = 60.0


@contextmanager
def progress(
    trials: Sequence[Trial], jobs: int, quiet: bool = False, expected: float | None = None
) -> Iterator[Report]:
    """A reporter for a sweep over `trials`; on a terminal it is drawn until the block ends.

    `expected`: forecast of the whole in seconds, which the time left rests on until a trial is done. Colours heed
    NO_COLOR.
    """
    from rich.console import Console

    view, console = View(trials, jobs, expected), Console(soft_wrap=True, highlight=False, markup=False)
    if quiet:
        yield lambda event, trial, record: None
    elif console.is_terminal and not console.is_dumb_terminal:
        from rich.live import Live

        with Live(get_renderable=view.table, refresh_per_second=2, console=console):

            def draw(event: Event, trial: Trial | None, record: Record | None) -> None:
                view.note(event, trial, record)
                if (text := view.line(event, record)) and (record is None or record.status == "failed"):
                    console.print(text)

            yield draw
    else:
        with _heartbeat(view) as line:
            yield line


@contextmanager
def _heartbeat(view: "View") -> Iterator[Report]:
    """A reporter that prints a line for each event, and the state of the sweep after a minute without one."""
    spoken, over = threading.Event(), threading.Event()

    def line(event: Event, trial: Trial | None, record: Record | None) -> None:
        view.note(event, trial, record)
        if text := view.line(event, record):
            print(text, flush=True)
            spoken.set()

    def beat() -> None:
        while not over.is_set():
            if not spoken.wait(HEARTBEAT_SECONDS):
                print(view.standing(), flush=True)
            spoken.clear()

    thread = threading.Thread(target=beat, daemon=True)
    thread.start()
    try:
        yield line
    finally:
        over.set()
        spoken.set()
        thread.join()


class View:
    """The state of a sweep, by the events so far."""

    def __init__(self, trials: Sequence[Trial], jobs: int, expected: float | None = None):
        self.jobs, self.expected = jobs, expected
        self.missing = len(trials)
        self.done = Counter()  # by status, and "kept"
        self.running: dict[Trial, float] = {}  # since when
        self.accuracies: dict[str, list[float]] = {}
        self.seconds: list[float] = []
        self.since = time.monotonic()
        self.waiting = False

    def note(self, event: Event, trial: Trial | None, record: Record | None) -> None:
        """Take an event of the sweep in."""
        if event == "worker died":
            self.running.clear()
        elif event == "started" and trial is not None:
            self.running[trial] = time.monotonic()
        elif trial is not None and record is not None:
            self.running.pop(trial, None)
            self.missing -= 1
            self.done["kept" if event == "kept" else record.status] += 1
            if event == "recorded":
                self.seconds.append(record.provenance.get("seconds", 0.0))
            accuracies = self.accuracies.setdefault(trial.network, [])
            accuracies += [] if record.score is None else [record.score]

    def left(self) -> str:
        """Time left: from the trials of this sweep, before there is one from the forecast."""
        now = time.monotonic()
        if self.seconds:
            under_way = sum(now - since for since in self.running.values())
            seconds = (statistics.fmean(self.seconds) * self.missing - under_way) / self.jobs
        elif self.expected is not None:
            seconds = self.expected - (now - self.since)
        else:
            return "unknown time left"
        return f"about {duration(max(0.0, seconds))} left"

    def standing(self) -> str:
        """The state of the sweep, in one line."""
        done = ", ".join(f"{count} {status}" for status, count in self.done.items()) or "none done"
        passed = duration(time.monotonic() - self.since)
        return f"{done}, {len(self.running)} running, {self.missing} to go; {passed} passed, {self.left()}"

    def line(self, event: Event, record: Record | None) -> str:
        """What to say of an event; empty if nothing."""
        waited, self.waiting = self.waiting, event == "waiting"
        if event == "worker died":
            return "a worker was killed or lost; what it ran is run again"
        if event == "waiting":
            return "" if waited else "waiting for trials that another sweep runs"
        if event != "recorded" or record is None:
            return ""
        outcome = record.status if record.score is None else f"{record.score:.2f} %"
        if record.status == "failed":
            outcome += f": {last_line(record)} (mnv2 trial show {record.trial.id})"
        took = duration(record.provenance.get("seconds", 0.0))
        return f"{record.trial.label}: {outcome} in {took}; {self.missing} to go, {self.left()}"

    def table(self) -> "Table":
        """The results so far, an arm a row."""
        from rich.table import Table

        table = Table(title=self.standing())
        table.add_column("variant")
        for column in ("n", "accuracy %", "running"):
            table.add_column(column, justify="right")
        running = Counter(trial.network for trial in list(self.running))
        for variant in dict.fromkeys([*self.accuracies, *running]):
            values = self.accuracies.get(variant, [])
            mean = f"{statistics.fmean(values):.2f}" if values else ""
            table.add_row(variant, str(len(values)), mean, str(running[variant] or ""))
        return table


def duration(seconds: float) -> str:
    """Seconds for people: 42 s, 3 min 20 s, 2 h 5 min."""
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60} s"
    return f"{whole // 3600} h {whole % 3600 // 60} min"
