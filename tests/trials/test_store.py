"""The store: a record is there whole or not at all, whatever the disk, an interrupt or another process does."""

import dataclasses
import resource
import shutil
import signal
import subprocess
import threading
from contextlib import contextmanager
from pathlib import Path

import pytest
from fake_trials import run, trial

from analysis.problem import Problem
from analysis.trials import Store
from analysis.trials.executors.local import local
from analysis.trials.sweep import sweep

TRIALS = [trial(seed) for seed in range(40)]


def test_written_and_read_back(tmp_path):
    store = Store(tmp_path)
    record = dataclasses.replace(run(trial(3)), note="JPEG copy", attempts=2)
    path = store.write(record)
    assert path == tmp_path / "cifar10" / "brief" / f"{trial(3).id}.json"
    assert store.find(trial(3)) == record
    assert store.records() == ([record], [])
    assert [p.name for p in path.parent.iterdir()] == [path.name]  # no temporary file stays


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b'{"schema": 1, "id"', "not a whole record"),
        (b"[]", "not a whole record"),
        (b"", "not a whole record"),
        (b'{"schema": 1, "id": "x"}', "not a whole record"),
    ],
)
def test_files_that_are_no_record_are_named_and_the_good_ones_kept(tmp_path, content, reason):
    store = Store(tmp_path)
    store.write(run(trial(0)))
    (tmp_path / "cifar10" / "brief" / f"{trial(1).id}.json").write_bytes(content)
    good, bad = store.records()
    assert [record.trial.seed for record in good] == [0]
    assert len(bad) == 1
    assert trial(1).id in bad[0]
    assert reason in bad[0]
    assert store.find(trial(1)) is None


def test_a_record_of_a_newer_program_is_neither_read_nor_replaced(tmp_path):
    store = Store(tmp_path)
    path = store.write(run(trial(0)))
    newer = path.read_bytes().replace(b'"schema": 1', b'"schema": 99')
    path.write_bytes(newer)
    assert "schema 99 is newer" in store.records()[1][0]
    with pytest.raises(Problem, match=f"{trial(0).id}.json: schema 99 is newer than this program's 1: update"):
        sweep([trial(0)], store, local(run))
    assert path.read_bytes() == newer


def test_a_record_under_a_wrong_name_is_refused(tmp_path):
    store = Store(tmp_path)
    path = store.write(run(trial(0)))
    shutil.move(path, path.with_name(f"{trial(1).id}.json"))
    good, bad = store.records()
    assert good == []
    assert f"holds the record of cifar10/brief/{trial(0).id}.json" in bad[0]


def test_a_folder_that_cannot_be_written_to_is_one_line(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(Problem, match="cannot write"):
        Store(tmp_path / "file").write(run(trial(0)))


def test_an_interrupt_waits_until_a_record_is_written(tmp_path, monkeypatch):
    def write(path, content, whole=Store.write.__globals__["write_whole"]):
        signal.raise_signal(signal.SIGINT)
        return whole(path, content)

    monkeypatch.setattr("analysis.trials.store.write_whole", write)
    store = Store(tmp_path)
    with pytest.raises(KeyboardInterrupt):
        store.write(run(trial(0)))
    assert store.find(trial(0)) == run(trial(0))


def test_records_are_written_from_any_thread(tmp_path):
    thread = threading.Thread(target=Store(tmp_path).write, args=(run(trial(0)),))
    thread.start()
    thread.join()
    assert Store(tmp_path).find(trial(0)) == run(trial(0))


def test_a_claimed_trial_is_held_against_others_until_it_is_let_go(tmp_path):
    one, other = Store(tmp_path), Store(tmp_path)
    with one.claim(trial(0)) as held:
        assert held
        with other.claim(trial(0)) as too, other.claim(trial(1)) as free:
            assert (too, free) == (False, True)
    with other.claim(trial(0)) as held:
        assert held
    assert (tmp_path / ".claims" / ".gitignore").read_text() == "*\n"
    (tmp_path / "file").write_text("")
    with pytest.raises(Problem, match="cannot write"), Store(tmp_path / "file").claim(trial(0)):
        pass


def test_what_a_killed_sweep_left_half_written_goes_with_the_claim(tmp_path):
    place = tmp_path / trial(0).path
    place.parent.mkdir(parents=True)
    rests = [place.with_name(f".{trial(seed).id}.json.abc") for seed in (0, 1)]
    for rest in rests:
        rest.write_text("half")
    with Store(tmp_path).claim(trial(0)):
        assert [rest.exists() for rest in rests] == [False, True]  # of this trial alone


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
