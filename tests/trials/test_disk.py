"""A full or read-only disk ends a sweep with one clear line and leaves every good record."""

import resource
import shutil
import subprocess
from contextlib import contextmanager
from pathlib import Path

import pytest
from fake_trials import run, trial

from analysis.problem import Problem
from analysis.trials import Store
from analysis.trials.executors.local import local
from analysis.trials.sweep import sweep

TRIALS = [trial(seed) for seed in range(40)]


def mount(folder, options):
    command = ["mount", "-t", "tmpfs", "-o", options, "none", str(folder)]
    return shutil.which("mount") is not None and not subprocess.run(command, capture_output=True).returncode


@contextmanager
def small_disk(folder):
    """A disk of 64 KiB, or, where nothing may be mounted, files of 300 bytes at most; gives what lifts the limit."""
    if mount(folder, "size=64k"):
        try:
            yield lambda: mount(folder, "remount,size=4m")
        finally:
            subprocess.run(["umount", str(folder)], check=True)
    else:
        limit = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (300, limit[1]))
        try:
            yield lambda: resource.setrlimit(resource.RLIMIT_FSIZE, limit)
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, limit)


def test_a_full_disk(tmp_path):
    store = Store(tmp_path)
    with small_disk(tmp_path) as lift:
        with pytest.raises(Problem, match=r"cannot write .*(No space left on device|File too large)\W+free space"):
            sweep(TRIALS, store, local(run))
        good, bad = store.records()
        assert len(good) < len(TRIALS)
        assert good == [run(record.trial) for record in good]
        assert bad == []
        assert not list(tmp_path.glob("*/*/.*"))  # nothing half written
        lift()
        assert sweep(TRIALS, store, local(run)) == [run(trial) for trial in TRIALS]


def test_a_store_that_cannot_be_written_to():
    with pytest.raises(Problem, match="cannot write .*free space.* or choose another"):
        sweep(TRIALS, Store(Path("/proc/store")), local(run))


def test_a_read_only_store_still_answers(tmp_path):
    store = Store(tmp_path)
    mounted = mount(tmp_path, "size=4m")
    try:
        sweep(TRIALS[:5], store, local(run))
        tmp_path.chmod(0o500)
        if mounted:
            mount(tmp_path, "remount,ro")
            with pytest.raises(Problem, match=r"Read-only file system\W+free space"):
                sweep(TRIALS, store, local(run))
        assert sweep(TRIALS[:5], store, local(run)) == [run(trial) for trial in TRIALS[:5]]
        assert len(store.records()[0]) == 5
    finally:
        if mounted:
            subprocess.run(["umount", str(tmp_path)], check=True)
        tmp_path.chmod(0o700)
