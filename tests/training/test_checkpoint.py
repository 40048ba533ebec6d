"""A training that is interrupted and continued is the undisturbed one, to the bit, for every task."""

import dataclasses
import os
import signal

import pytest
import torch
from tiny_trials import TASKS, case

from analysis.tasks.recipes import task
from analysis.tasks.task import fit
from analysis.training import checkpoint as module
from analysis.training.checkpoint import Checkpoint
from analysis.training.device import find_device, random_state


@pytest.fixture(scope="module")
def cases(tmp_path_factory):
    """(variant, recipe, data) by the name of a task, each of at least six steps in three epochs."""
    torch.set_num_threads(1)
    folder = tmp_path_factory.mktemp("data")
    return {name: case(name, folder) for name in TASKS}


class Cut(Exception):
    pass


def run(case, checkpoint=None, cut=None):
    variant, recipe, data = case

    def progress(done, planned):
        if done == cut:
            raise Cut

    fitted = fit(task(recipe), variant, recipe, data, 3, checkpoint=checkpoint, progress=progress)
    for epoch in fitted.result["epochs"]:
        epoch.pop("seconds")
    return fitted


@pytest.mark.parametrize("name", TASKS)
def test_a_training_cut_twice_is_the_undisturbed_one(cases, name, tmp_path):
    if name == "detection":
        pytest.importorskip("pycocotools")
    whole = run(cases[name])
    checkpoint = Checkpoint(tmp_path / "a.safetensors", "a", every=0)  # after each step
    for cut in (2, 5):  # in the first epoch, and in a later one
        with pytest.raises(Cut):
            run(cases[name], checkpoint, cut)
    again = run(cases[name], checkpoint)
    assert again.result == whole.result
    ours, theirs = (fitted.network.state_dict().values() for fitted in (again, whole))
    assert all(torch.equal(a, b) for a, b in zip(ours, theirs, strict=True))
    assert [each["steps"] for each in again.resumed] == [2, 5]
    assert whole.resumed == ()


def test_after_the_last_step_only_the_scores_are_left(cases, tmp_path):
    whole = run(cases["classification"])
    checkpoint = Checkpoint(tmp_path / "a.safetensors", "a")
    with pytest.raises(Cut):
        run(cases["classification"], checkpoint, whole.result["steps"])
    steps = []
    variant, recipe, data = cases["classification"]
    again = fit(task(recipe), variant, recipe, data, 3, checkpoint=checkpoint, progress=lambda *at: steps.append(at))
    assert steps == []
    assert again.result["test_correct"] == whole.result["test_correct"]


@pytest.mark.parametrize("at", [4, 5])  # 5 is the last step of an epoch
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_training_that_is_asked_to_end_writes_first_and_repeats_no_step(cases, number, at, tmp_path):
    variant, recipe, data = cases["classification"]
    checkpoint, steps = Checkpoint(tmp_path / "a.safetensors", "a", every=1000), []

    class Ended(Exception):
        pass

    def end(number, frame):
        raise Ended

    def progress(done, planned):
        steps.append(done)
        if done == at:
            os.kill(os.getpid(), number)

    before = signal.signal(number, end)
    try:
        with pytest.raises(Ended):
            fit(task(recipe), variant, recipe, data, 3, checkpoint=checkpoint, progress=progress)
    finally:
        signal.signal(number, before)
    assert steps == list(range(1, at + 1))
    assert checkpoint.path.is_file()
    again = fit(
        task(recipe), variant, recipe, data, 3, checkpoint=checkpoint, progress=lambda done, _: steps.append(done)
    )
    done = again.resumed[0]["steps"]  # after the fourth step a fifth was done before the signal was heeded
    assert done == 5
    assert steps == [*range(1, at + 1), *range(done + 1, again.result["steps"] + 1)]
    assert again.result["test_correct"] == run(cases["classification"]).result["test_correct"]


def truncated(checkpoint):
    checkpoint.path.write_bytes(checkpoint.path.read_bytes()[:-100])
    return checkpoint


def empty(checkpoint):
    checkpoint.path.write_bytes(b"")
    return checkpoint


def older(checkpoint):
    content = checkpoint.path.read_bytes()
    checkpoint.path.write_bytes(content.replace(b'version\\": 1', b'version\\": 0'))
    assert checkpoint.path.read_bytes() != content
    return checkpoint


def foreign(checkpoint):
    return dataclasses.replace(checkpoint, identity="b")


@pytest.mark.parametrize("damage", [truncated, empty, older, foreign])
def test_a_checkpoint_that_cannot_be_continued_is_set_aside_with_one_line(cases, damage, tmp_path, caplog):
    whole = run(cases["classification"])
    checkpoint = Checkpoint(tmp_path / "a.safetensors", "a", every=0)
    with pytest.raises(Cut):
        run(cases["classification"], checkpoint, 3)
    damaged = damage(checkpoint)
    caplog.clear()
    again = run(cases["classification"], damaged)
    assert (again.result, again.resumed) == (whole.result, ())
    assert [record.levelname for record in caplog.records] == ["WARNING"]
    assert "cannot be continued" in caplog.text
    assert (tmp_path / "a.unusable").is_file()


def test_a_full_disk_costs_the_checkpoint_alone(cases, tmp_path, caplog):
    (tmp_path / "file").write_text("")
    checkpoint = Checkpoint(tmp_path / "file" / "a.safetensors", "a", every=0)
    assert run(cases["classification"], checkpoint).result == run(cases["classification"]).result
    assert "the training goes on" in caplog.text


def test_a_checkpoint_of_a_gpu_is_continued_on_a_cpu_and_says_where_it_is_from(cases, tmp_path, monkeypatch):
    """Weights, momentum and the CPU's random state are there; the other device's random state is left out."""
    own = torch.zeros(16, dtype=torch.uint8)
    with monkeypatch.context() as there:
        there.setattr(module, "random_state", lambda device: {**random_state(device), "random.cuda": own})
        there.setattr(module, "_machine", lambda device: {"processor": "a", "threads": 1, "device": "card"})
        checkpoint = Checkpoint(tmp_path / "a.safetensors", "a", every=0)
        with pytest.raises(Cut):
            run(cases["classification"], checkpoint, 7)
    again = run(cases["classification"], checkpoint)
    assert again.resumed == ({"steps": 7, "processor": "a", "threads": 1, "device": "card"},)
    assert again.result == run(cases["classification"]).result


@pytest.mark.cuda
@pytest.mark.parametrize("devices", [("cuda", "cpu"), ("cpu", "cuda"), ("cuda", "cuda")])
def test_a_training_is_continued_from_any_device_on_any(cases, tmp_path, devices):
    variant, recipe, data = cases["classification"]
    checkpoint = Checkpoint(tmp_path / "a.safetensors", "a", every=0)

    def stop(done, planned):
        if done == 7:
            raise Cut

    first, second = map(find_device, devices)
    with pytest.raises(Cut):
        fit(task(recipe), variant, recipe, data, 3, checkpoint=checkpoint, progress=stop, device=first)
    again = fit(task(recipe), variant, recipe, data, 3, checkpoint=checkpoint, device=second)
    assert (again.status, again.resumed[0]["steps"]) == ("finished", 7)
    expected = run(cases["classification"]).result["epochs"][-1]["train_loss"]
    assert again.result["epochs"][-1]["train_loss"] == pytest.approx(expected, rel=0.2)
