"""A trial of each task is killed at random moments, and ends up as the undisturbed one.

`MNV2_STRESS=1` makes it ten kills with five seconds between two checkpoints, which takes some 20 minutes.
"""

import os
import random
import signal
import time
from itertools import pairwise

import pytest
from fake_trials import wait_for
from tiny_trials import STEPS, TASKS, comparable, notes, started

from analysis.trials import Store

STRESS = bool(os.environ.get("MNV2_STRESS"))
KILLS, EVERY, PAUSE = (10, 5.0, 0.1) if STRESS else (2, 0.2, 0.02)  # PAUSE: seconds that a step takes at least
LONGEST = 2 * EVERY  # from the first step of a run to its kill
WANTED = int(1.1 * KILLS * LONGEST / PAUSE)  # steps that no sum of runs before their kills comes to


def end(*arguments):
    """Run to the end."""
    process = started(*arguments)
    process.join(600)
    assert process.exitcode == 0


def killed(number, path, *arguments):
    """Run, and send a signal at a random moment after the first step; give the steps of this run with their times."""
    before = len(notes(path))
    process = started(*arguments, path, PAUSE)
    wait_for(lambda: len(notes(path)) > before)
    time.sleep(random.uniform(0, LONGEST))
    os.kill(process.pid, number)
    process.join(60)
    assert process.exitcode == -number
    return notes(path)[before:]


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM], ids=lambda number: number.name)
@pytest.mark.parametrize("name", TASKS)
def test_a_trial_that_is_killed_again_and_again_is_the_undisturbed_one(name, number, tmp_path):
    if name == "detection":
        pytest.importorskip("pycocotools")
    whole, disturbed, path = tmp_path / "whole", tmp_path / "disturbed", tmp_path / "steps"
    epochs = -(-WANTED // STEPS[name])
    end(name, whole, epochs, 1e9, tmp_path / "undisturbed", 0.0)
    runs = [killed(number, path, name, disturbed, epochs, EVERY) for _ in range(KILLS)]
    before = len(notes(path))
    end(name, disturbed, epochs, EVERY, path, 0.0)
    runs.append(notes(path)[before:])

    ((expected,), _), ((found,), _) = Store(whole / "store").records(), Store(disturbed / "store").records()
    assert comparable(found) == comparable(expected)
    assert "resumed" not in expected.provenance
    continued = [each["steps"] for each in found.provenance.get("resumed", [])]
    assert continued == sorted(continued)
    for run, following in pairwise(runs):
        first = following[0][0]
        twice = [at for step, at in run if step >= first]
        if number == signal.SIGTERM:
            assert not twice
        elif twice:
            gaps = [after - at for (_, at), (_, after) in pairwise(run)]
            assert twice[-1] - twice[0] <= EVERY + 2 * max(gaps, default=0.0)
    if number == signal.SIGTERM:
        assert len(continued) == KILLS
        # the step after which the signal was heeded is not noted
        assert [run[0][0] for run in runs[1:]] == [steps + 1 for steps in continued]
