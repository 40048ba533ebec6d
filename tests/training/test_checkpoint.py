"""A training that is interrupted and continued is the undisturbed one, to the bit, for every task."""

import dataclasses
import os
import signal

import pytest
import torch
from pictures import KINDS, write_pictures
from scenes import CLASSES, write_scenes

from analysis.arch import preset
from analysis.arch.deeplab import DeepLabV3
from analysis.arch.mobilenet_v2 import MobileNetV2
from analysis.arch.ssd import SSD
from analysis.data.boxes import load_detection
from analysis.data.cifar import load_dataset
from analysis.data.masks import load_segmentation
from analysis.tasks.classification.recipe import Recipe
from analysis.tasks.detection.recipe import DetectionRecipe
from analysis.tasks.low_precision.recipe import QuantisedRecipe
from analysis.tasks.recipes import task
from analysis.tasks.segmentation.recipe import SegmentationRecipe
from analysis.tasks.task import fit
from analysis.training.checkpoint import Checkpoint

SIZE = (48, 64)
TRUNK = MobileNetV2(resolution=SIZE, stem=8, rows=((1, 8, 1, 1), (3, 16, 1, 2), (3, 24, 2, 2), (3, 32, 2, 2)), last=48)
SMALL = preset("brief", rows=((2, 8, 1, 2),), stem=8, last=16, dropout=0.3)
TINY = Recipe(name="tiny", epochs=3, batch=16, validation=40)


@pytest.fixture(scope="module")
def cases(tmp_path_factory):
    """(variant, recipe, data) by the name of a task, each of at least six steps in three epochs."""
    torch.set_num_threads(1)
    boxes = write_pictures(tmp_path_factory.mktemp("boxes"), size=SIZE)
    scenes = write_scenes(tmp_path_factory.mktemp("scenes"), size=SIZE)
    images = load_dataset("synthetic", train=120, test=40)
    dense = DeepLabV3(TRUNK, output_stride=8, aspp=False, depth=16, classes=3, dropout=0.3)
    return {
        "classification": (SMALL, TINY, images),
        "low precision": (SMALL, QuantisedRecipe(training=TINY, bits=(8,), calibration=20), images),
        "detection": (
            SSD(TRUNK, lite=True, classes=2, extras=(32,), anchors=(6, 6, 6)),
            DetectionRecipe(epochs=3, batch=4, check_every=2),
            load_detection(boxes, SIZE, KINDS, "drawn"),
        ),
        "segmentation": (
            dense,
            SegmentationRecipe(epochs=3, batch=4, crop=(32, 48), check_every=2, multi_scale=True),
            load_segmentation(scenes, SIZE, CLASSES, "drawn"),
        ),
    }


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


@pytest.mark.parametrize("name", ["classification", "low precision", "detection", "segmentation"])
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


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_training_that_is_asked_to_end_writes_first_and_repeats_no_step(cases, number, tmp_path):
    variant, recipe, data = cases["classification"]
    checkpoint, steps = Checkpoint(tmp_path / "a.safetensors", "a", every=1000), []

    class Ended(Exception):
        pass

    def end(number, frame):
        raise Ended

    def progress(done, planned):
        steps.append(done)
        if done == 4:
            os.kill(os.getpid(), number)

    before = signal.signal(number, end)
    try:
        with pytest.raises(Ended):
            fit(task(recipe), variant, recipe, data, 3, checkpoint=checkpoint, progress=progress)
    finally:
        signal.signal(number, before)
    assert steps == [1, 2, 3, 4]
    assert checkpoint.path.is_file()
    again = fit(
        task(recipe), variant, recipe, data, 3, checkpoint=checkpoint, progress=lambda done, _: steps.append(done)
    )
    assert steps == [1, 2, 3, 4, *range(6, again.result["steps"] + 1)]  # the fifth was done when the signal was heeded
    assert again.result["test_correct"] == run(cases["classification"]).result["test_correct"]


def truncated(path):
    path.write_bytes(path.read_bytes()[:-100])


def older(path):
    path.write_bytes(path.read_bytes().replace(b'version\\": 1', b'version\\": 0'))


@pytest.mark.parametrize("damage", [truncated, older, lambda path: path.write_bytes(b""), lambda path: None])
def test_a_checkpoint_that_cannot_be_continued_is_set_aside_with_one_line(cases, damage, tmp_path, caplog):
    whole, foreign = run(cases["classification"]), damage(tmp_path / "x") if damage is None else None
    checkpoint = Checkpoint(tmp_path / "a.safetensors", "a", every=0)
    with pytest.raises(Cut):
        run(cases["classification"], checkpoint, 3)
    before = checkpoint.path.read_bytes()
    damage(checkpoint.path)
    if checkpoint.path.read_bytes() == before:  # undamaged, but another training's
        checkpoint = dataclasses.replace(checkpoint, identity="b")
    caplog.clear()
    again = run(cases["classification"], checkpoint)
    assert again.result == whole.result
    assert (again.resumed, foreign) == ((), None)
    assert [record.levelname for record in caplog.records] == ["WARNING"]
    assert "cannot be continued" in caplog.text
    assert (tmp_path / "a.unusable").is_file()


def test_a_full_disk_costs_the_checkpoint_alone(cases, tmp_path, caplog):
    (tmp_path / "file").write_text("")
    checkpoint = Checkpoint(tmp_path / "file" / "a.safetensors", "a", every=0)
    assert run(cases["classification"], checkpoint).result == run(cases["classification"]).result
    assert "the training goes on" in caplog.text
