"""The sweep: runs what a store lacks, and keeps each record the moment it comes."""

import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, closing
from dataclasses import replace
from typing import Literal

from analysis.problem import Problem
from analysis.trials.executors.executor import Executor, WorkerDied
from analysis.trials.record import Record
from analysis.trials.store import Store
from analysis.trials.trial import Trial

Event = Literal["kept", "started", "recorded", "waiting", "worker died"]
Report = Callable[[Event, Trial | None, Record | None], None]

ROUNDS = 3  # starts that a trial gets when the machine keeps killing its worker
POLL_SECONDS = 1.0


def sweep(
    trials: Iterable[Trial],
    store: Store,
    execute: Executor,
    report: Report = lambda event, trial, record: None,
    *,
    retry_failed: bool = False,
    fail_fast: bool = False,
) -> list[Record]:
    """Records of all `trials`, in their order; those that the store lacks are run first.

    Each trial is claimed before it runs, so that two sweeps on one store share the work. When a worker dies, the
    trials that were running run again: each starts at most three times, the third time alone. A failed record is
    run again only with `retry_failed`, once.

    Raises:
        Problem: workers kept dying, the store cannot be written to, or, with `fail_fast`, a trial failed.
    """
    return _Sweep(store, execute, report, retry_failed, fail_fast).run(list(dict.fromkeys(trials)))


class _Sweep:
    def __init__(self, store: Store, execute: Executor, report: Report, retry_failed: bool, fail_fast: bool):
        self.store, self.execute, self.report = store, execute, report
        self.retry_failed, self.fail_fast = retry_failed, fail_fast
        self.records: dict[Trial, Record] = {}
        self.starts: dict[Trial, int] = {}
        self.claims: dict[Trial, ExitStack] = {}
        self.stale: dict[Trial, Record] = {}

    def run(self, trials: list[Trial]) -> list[Record]:
        for trial in trials:
            self._keep(trial)
        while missing := [trial for trial in trials if trial not in self.records and not self._worn(trial)]:
            before = len(self.records)
            try:
                with closing(self.execute(self._claimed(self._round(missing)))) as records:
                    for record in records:
                        self._record(record)
            except WorkerDied as death:
                self.starts |= dict.fromkeys(death.hopeless, ROUNDS)
                self.report("worker died", None, None)
                continue
            finally:
                for trial in list(self.claims):
                    self._release(trial)
            if len(self.records) == before:  # all that is missing runs in another sweep
                self.report("waiting", None, None)
                time.sleep(POLL_SECONDS)
        if worn := ", ".join(trial.label for trial in trials if trial not in self.records):
            raise Problem(f"workers kept dying at {worn}: is memory short? Free some and run again")
        return [self.records[trial] for trial in trials]

    def _round(self, missing: list[Trial]) -> list[Trial]:
        """What to run next. A dying worker takes its neighbours along, so a trial's last start is a round of its own:
        only a trial that dies alone is given up."""
        return [trial for trial in missing if self.starts.get(trial, 0) < ROUNDS - 1] or missing[:1]

    def _worn(self, trial: Trial) -> bool:
        return self.starts.get(trial, 0) >= ROUNDS

    def _keep(self, trial: Trial) -> bool:
        """Take the record that the store has, if it counts."""
        record = self.store.find(trial)
        if record is None:
            return False
        if record.status == "failed" and self.retry_failed and self.stale.setdefault(trial, record) == record:
            return False  # another sweep has not retried it meanwhile
        self.records[trial] = record
        self.report("kept", trial, record)
        return True

    def _claimed(self, trials: list[Trial]) -> Iterator[Trial]:
        """Those of `trials` that no other sweep holds or has finished, each claimed as it is drawn."""
        for trial in trials:
            claim = ExitStack()
            if not claim.enter_context(self.store.claim(trial)) or self._keep(trial):
                claim.close()
                continue
            self.claims[trial] = claim
            self.starts[trial] = self.starts.get(trial, 0) + 1
            self.report("started", trial, None)
            yield trial

    def _record(self, record: Record) -> None:
        trial = record.trial
        record = replace(record, attempts=self.starts[trial] - 1 + record.attempts)
        self.store.write(record)
        self._release(trial)
        self.records[trial] = record
        self.report("recorded", trial, record)
        if record.status == "failed" and self.fail_fast:
            raise Problem(
                f"trial {trial.id} ({trial.label}) failed and --fail-fast stops the sweep: {last_line(record)}"
            )

    def _release(self, trial: Trial) -> None:
        self.claims.pop(trial).close()


def last_line(record: Record) -> str:
    """The error of a failed record in one line."""
    lines = record.error.strip().splitlines()
    return lines[-1] if lines else ""
