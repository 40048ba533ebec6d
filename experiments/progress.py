"""How a sweep looks while it runs: a live table on a terminal, a line a trial otherwise."""

import statistics
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

from analysis.trials.record import Record
from analysis.trials.sweep import Event, Report, last_line
from analysis.trials.trial import Trial


@contextmanager
def progress(trials: list[Trial], jobs: int, quiet: bool = False) -> Iterator[Report]:
    """A reporter for a sweep over `trials`; on a terminal it is drawn until the block ends."""
    view = _View(trials, jobs)
    if quiet:
        yield lambda event, trial, record: None
    elif sys.stdout.isatty():
        from rich.live import Live

        with Live(get_renderable=view.table, refresh_per_second=2):
            yield view.note
    else:

        def line(event: Event, trial: Trial | None, record: Record | None) -> None:
            view.note(event, trial, record)
            if text := view.line(event, record):
                print(text, flush=True)

        yield line


class _View:
    def __init__(self, trials: list[Trial], jobs: int):
        self.jobs = jobs
        self.counts = Counter(missing=len(trials))
        self.accuracies: dict[str, list[float]] = {}
        self.seconds: list[float] = []
        self.since = time.monotonic()

    def note(self, event: Event, trial: Trial | None, record: Record | None) -> None:
        if trial is None:
            return
        self.counts[event] += 1
        if event == "worker died":
            self.counts["running"] = 0
        if event == "started":
            self.counts["running"] += 1
            return
        self.counts["missing"] -= 1
        if record is not None:
            self.accuracies.setdefault(trial.label.partition(",")[0], [])
            if event == "recorded":
                self.counts["running"] -= 1
                self.counts[record.status] += 1
                self.seconds.append(record.provenance.get("seconds", 0.0))
            if record.accuracy is not None:
                self.accuracies[trial.label.partition(",")[0]].append(record.accuracy)

    def left(self) -> str:
        """Time left, from the trials of this sweep."""
        if not self.seconds:
            return "unknown"
        return duration(statistics.fmean(self.seconds) * self.counts["missing"] / self.jobs)

    def line(self, event: Event, record: Record | None) -> str:
        if event == "worker died":
            return "a worker process was killed; what it ran is run again"
        if event == "waiting":
            return "waiting for trials that another sweep runs"
        if event != "recorded" or record is None:
            return ""
        outcome = f"{record.accuracy:.2f} %" if record.accuracy is not None else record.status
        if record.status == "failed":
            outcome += f": {last_line(record)}"
        took = duration(record.provenance.get("seconds", 0.0))
        return f"{record.trial.label}: {outcome} in {took}; {self.counts['missing']} to go, {self.left()} left"

    def table(self):
        from rich.table import Table

        done = f"{self.counts['recorded']} run, {self.counts['kept']} kept, {self.counts['missing']} to go"
        passed = duration(time.monotonic() - self.since)
        table = Table(title=f"{done}, {self.counts['failed']} failed; {passed} passed, {self.left()} left")
        table.add_column("variant")
        table.add_column("n", justify="right")
        table.add_column("accuracy %", justify="right")
        for variant, values in self.accuracies.items():
            table.add_row(variant, str(len(values)), f"{statistics.fmean(values):.2f}" if values else "")
        return table


def duration(seconds: float) -> str:
    """Seconds for people: 42 s, 3 min 20 s, 2 h 5 min."""
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60} s"
    return f"{whole // 3600} h {whole % 3600 // 60} min"
