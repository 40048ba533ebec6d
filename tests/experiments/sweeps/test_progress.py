"""What a person sees of a sweep: lines and a heartbeat in a file, a table on a terminal, nothing when asked."""

import io
import re
import time

import pytest
from fake_trials import run, trial
from rich.console import Console

from analysis.trials import Record, Trial
from experiments.sweeps import progress as module
from experiments.sweeps.progress import View, duration, progress

FAILED = Record(trial(1), "failed", error="Traceback\nValueError: odd", provenance={"seconds": 4})


def play(report):
    report("kept", trial(0), run(trial(0)))
    report("started", trial(1), None)
    report("started", trial(2), None)
    report("recorded", trial(1), FAILED)
    report("waiting", None, None)
    report("waiting", None, None)


def test_lines_where_no_terminal_is(capsys):
    with progress([trial(s) for s in range(4)], jobs=2) as report:
        play(report)
    assert capsys.readouterr().out.splitlines() == [
        f"brief, seed 1: failed: ValueError: odd (mnv2 trial show {trial(1).id}) in 4 s; 2 to go, about 4 s left",
        "waiting for trials that another sweep runs",  # once, not at every look
    ]


def test_a_heartbeat_where_nothing_happens(capsys, monkeypatch):
    monkeypatch.setattr(module, "HEARTBEAT_SECONDS", 0.05)
    with progress([trial(0), trial(1)], jobs=1, expected=3600.0) as report:
        report("started", trial(0), None)
        time.sleep(0.3)
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) >= 2
    assert lines[0] == "none done, 1 running, 2 to go; 0 s passed, about 1 h 0 min left"


def test_quiet(capsys):
    with progress([trial(s) for s in range(4)], jobs=2, quiet=True) as report:
        play(report)
    assert capsys.readouterr().out == ""


def test_a_table_on_a_terminal(monkeypatch):
    screen = io.StringIO()
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setattr(
        "rich.console.Console",
        lambda **options: Console(file=screen, force_terminal=True, width=120, **options),
    )
    with progress([trial(s) for s in range(4)], jobs=2) as report:
        play(report)
    text = screen.getvalue()
    assert "ValueError: odd" in text  # at once, above the table
    assert "1 kept, 1 failed, 1 running, 2 to go" in text
    assert "10.00" in text  # mean accuracy so far
    assert re.search(r"\x1b\[(3\d|4\d|9\d)", text) is None  # NO_COLOR


def test_a_death_ends_what_ran():
    view = View([trial(0), trial(1)], 2)
    view.note("started", trial(0), None)
    view.note("worker died", None, None)
    assert view.running == {}
    assert view.missing == 2
    assert "again" in view.line("worker died", None)


def test_variants_are_told_apart_by_their_whole_label():
    text = trial(0).variant.replace("kernel=3", "kernel=5").replace("width=1.0", "width=0.5")
    other = Trial(text, trial(0).recipe, "cifar10", "d", 0)
    view = View([trial(0), other], 1)
    view.note("started", other, None)
    view.note("recorded", other, run(other))
    assert list(view.accuracies) == [other.label.removesuffix(", seed 0")]


@pytest.mark.parametrize(
    ("seconds", "words"), [(41.6, "42 s"), (200, "3 min 20 s"), (7500, "2 h 5 min"), (3599.7, "1 h 0 min")]
)
def test_durations(seconds, words):
    assert duration(seconds) == words
