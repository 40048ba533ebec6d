"""A trunk that starts from a classifier: the same weights, trained once, stated in the record."""

import json
from dataclasses import replace

import pytest
from scenes import write_scenes

from analysis.arch import preset, unroll
from analysis.arch.deeplab import DeepLabV3
from analysis.arch.mobilenet_v1 import MobileNetV1
from analysis.arch.mobilenet_v2 import MobileNetV2
from analysis.data.cifar import load_dataset
from analysis.nn import build
from analysis.problem import Problem
from analysis.tasks.classification.recipe import RECIPES, Recipe
from analysis.tasks.recipes import task
from analysis.tasks.segmentation.recipe import SegmentationRecipe
from analysis.trials import Trial
from analysis.trials import pretrained as trunk
from analysis.trials.pretrained import classifier, trained_trunk
from analysis.trials.record import parse_record
from analysis.trials.worker import Way, run_trial

SIZE = (48, 64)
TRUNK = MobileNetV2(resolution=SIZE, stem=8, rows=((1, 8, 1, 1), (3, 16, 2, 2), (3, 24, 1, 2), (3, 32, 1, 2)), last=48)
OWN = replace(TRUNK, rows=((1, 8, 1, 1, 5), ("identity", 16, 2, 2), (3, 24, 1, 2, 7), (3, 32, 1, 2, 5, "relu")))
DRAWN = load_dataset("synthetic", train=120, test=20)
TINY = Recipe(name="tiny", batch=20, validation=40)


def test_a_trunks_classifier_is_the_cifar_preset():
    assert classifier(MobileNetV2(width=0.5, resolution=(240, 320))) == preset("cifar", width=0.5)


@pytest.mark.parametrize("backbone", [TRUNK, OWN, MobileNetV1(width=0.25, resolution=SIZE)])
def test_both_networks_have_weights_of_the_same_shapes(backbone):
    variants = DeepLabV3(backbone, depth=8, classes=3), classifier(backbone)
    dense, classes = (build(unroll(variant)).state_dict() for variant in variants)
    shared = [name for name in dense if not name.startswith("head.")]
    assert len(shared) > 20
    assert all(classes[name].shape == dense[name].shape for name in shared)


def test_a_trunk_is_trained_once_and_the_record_says_so(tmp_path, monkeypatch):
    monkeypatch.setitem(RECIPES, "tiny", TINY)
    monkeypatch.setattr("analysis.trials.worker.load_dataset", lambda _: DRAWN)
    monkeypatch.setenv("MNV2_CACHE_DIR", str(tmp_path / "cache"))
    folder = write_scenes(tmp_path / "data", size=SIZE)
    (folder / "classes.txt").write_text("ground\ndisc\nbar\n")
    recipe = SegmentationRecipe("masks", 1, 4, crop=SIZE, start="tiny")
    variant = DeepLabV3(TRUNK, output_stride=8, aspp=False, depth=16, classes=3)
    digest = task(recipe).load("drawn", folder, variant).digest
    trial = Trial(variant.text, recipe.text, "drawn", digest, 3)
    assert trial.recipe.endswith("start='tiny')")
    first = run_trial(trial, Way(str(folder)))
    assert first.status == "finished", first.error
    assert f"tensors of {classifier(TRUNK).text}, {TINY.text}, synthetic, seed 3" in first.result["start"]

    monkeypatch.setattr(trunk, "train_and_keep", None)  # a second training would fail
    again = run_trial(trial, Way(str(folder)))
    assert first.note == again.note == f"trunk from synthetic: {DRAWN.note}"
    losses = [[epoch["train_loss"] for epoch in record.result["epochs"]] for record in (first, again)]
    assert losses[0] == losses[1]


def test_two_copies_of_what_a_trunk_learnt_are_two_trials(tmp_path, monkeypatch):
    monkeypatch.setitem(RECIPES, "tiny", TINY)
    monkeypatch.setattr("analysis.trials.worker.load_dataset", lambda _: DRAWN)
    monkeypatch.setenv("MNV2_CACHE_DIR", str(tmp_path / "cache"))
    folder = write_scenes(tmp_path / "data", size=SIZE)
    (folder / "classes.txt").write_text("ground\ndisc\nbar\n")
    recipe = SegmentationRecipe("masks", 1, 4, crop=SIZE, start="tiny")
    variant = DeepLabV3(TRUNK, output_stride=8, aspp=False, depth=16, classes=3)
    digest = task(recipe).load("drawn", folder, variant).digest
    old = Trial(variant.text, recipe.text, "drawn", digest, 3)
    ours, other = replace(old, start=DRAWN.digest), replace(old, start="0" * 64)
    assert len({old.id, ours.id, other.id}) == 3
    record = run_trial(ours, Way(str(folder)))
    assert parse_record(record.to_json()) == record
    assert json.loads(record.to_json())["trial"]["start"] == DRAWN.digest
    assert "start" not in json.loads(replace(record, trial=old).to_json())["trial"]
    with pytest.raises(Problem, match="the trial wants 000000000000"):
        run_trial(other, Way(str(folder)))


def test_another_seed_and_a_folder_that_cannot_be_made(tmp_path, monkeypatch):
    monkeypatch.setitem(RECIPES, "tiny", TINY)
    paths = {trained_trunk(DRAWN, TRUNK, "tiny", seed, tmp_path, "eager") for seed in (0, 1, 0)}
    assert len(paths) == 2
    assert all(path.is_file() for path in paths)
    (tmp_path / "file").write_text("")
    with pytest.raises(Problem, match="the trunk cannot be kept"):
        trained_trunk(DRAWN, TRUNK, "tiny", 0, tmp_path / "file" / "below", "eager")


def test_random_weights_leave_a_recipes_text_as_it_was_and_an_unknown_start_is_refused():
    assert "start" not in SegmentationRecipe().text
    with pytest.raises(Problem, match="start"):
        replace(SegmentationRecipe(), start="breif")
