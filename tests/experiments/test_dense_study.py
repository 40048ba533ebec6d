"""A question about boxes and one about masks, answered end to end on drawn images."""

import csv
import importlib.util
from dataclasses import replace

import pytest
from pictures import write_pictures
from PIL import Image
from scenes import write_scenes

from analysis.arch.deeplab import DeepLabV3
from analysis.arch.mobilenet_v2 import MobileNetV2
from analysis.arch.ssd import SSD
from analysis.problem import Problem
from analysis.tasks.detection.recipe import DetectionRecipe
from analysis.tasks.recipes import RECIPES
from analysis.tasks.recipes import recipe as recipe_called
from analysis.tasks.segmentation.recipe import MULTI_SCALE, ONE_SIZE, SegmentationRecipe
from analysis.trials import Trial
from experiments.commands import study
from experiments.commands.study import Options
from experiments.studies.registry import find_study
from experiments.study import Study

SIZE = (48, 64)
TRUNK = MobileNetV2(resolution=SIZE, stem=8, rows=((1, 8, 1, 1), (3, 16, 2, 2), (3, 24, 1, 2), (3, 32, 1, 2)), last=48)
BOXES = SSD(TRUNK, lite=True, classes=2, extras=(32,), anchors=(3, 6, 6))
MASKS = DeepLabV3(TRUNK, output_stride=8, aspp=False, depth=16, classes=3)
CASES = {
    "boxes": (BOXES, replace(BOXES, lite=False), DetectionRecipe("boxes", 1, 4), write_pictures, ("square", "bar")),
    "masks": (
        MASKS,
        replace(MASKS, aspp=True),
        SegmentationRecipe("masks", 1, 4, crop=SIZE, multi_scale=True),
        write_scenes,
        ("ground", "disc", "bar"),
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_a_study_has_its_classes_guesses_and_pictures(tmp_path, monkeypatch, capsys, name):
    if name == "boxes" and not importlib.util.find_spec("pycocotools"):
        pytest.skip("pycocotools is not installed")
    first, second, recipe, write, classes = CASES[name]
    folder = write(tmp_path / "data", size=SIZE)
    (folder / "classes.txt").write_text("\n".join(classes) + "\n")
    monkeypatch.setitem(RECIPES, name, recipe)
    asked = Study(name=name, question="Which?", arms={"first": first, "second": second}, recipe=name, dataset="drawn")
    monkeypatch.setattr(study, "find_study", lambda _: asked)
    options = Options(data_dir=folder, jobs=1, backend="eager", seeds=(0, 1), results=tmp_path / "results")
    study.run(name, options)
    out = capsys.readouterr().out
    assert f"{name}-drawn-{name}-pictures.png" in out
    tables = options.results / "tables"
    rows = list(csv.DictReader((tables / f"{name}-drawn-{name}-classes.csv").open()))
    kinds = (", one size", ", six sizes, mirrored") if name == "masks" else ("",)
    arms = [arm + kind for arm in ("first", "second") for kind in kinds]
    assert [row["arm"] for row in rows[: len(arms)]] == arms
    assert all(row["arm"].startswith("guess: ") and row["n"] == "" for row in rows[len(arms) :])
    assert len(rows) > len(arms)
    measure = recipe.metric.removeprefix("test ")
    assert list(rows[0]) == ["arm", "n", f"{measure} %", *(f"{each} %" for each in classes), "minutes"]
    picture = Image.open(options.results / "figures" / f"{name}-drawn-{name}-pictures.png")
    assert picture.width > 500
    (tables / f"{name}-drawn-{name}-classes.csv").unlink()
    study.show(name, replace(options, data_dir=None))  # from the stored records alone
    assert list(csv.DictReader((tables / f"{name}-drawn-{name}-classes.csv").open())) == rows
    if name == "masks":
        compares_the_readings_of_one_arm(asked, options, monkeypatch, rows)


def compares_the_readings_of_one_arm(asked, options, monkeypatch, rows):
    alone = replace(asked, name="alone", arms={"first": asked.arms["first"]}, readings={ONE_SIZE: 1, MULTI_SCALE: 12})
    monkeypatch.setattr(study, "find_study", lambda _: alone)
    study.show("alone", replace(options, data_dir=None))
    read = list(csv.DictReader((options.results / "tables" / "alone-drawn-masks.csv").open()))
    assert [(row["arm"], row["n"], row["mean IoU %"]) for row in read] == [
        (row["arm"], row["n"], row["mean IoU %"]) for row in rows[:2]
    ]
    with pytest.raises(Problem, match="needs at least two arms"):
        replace(alone, readings={})


def test_the_identity_of_a_detectors_trial_is_pinned():
    trial = Trial(find_study("ssd-heads").arms["SSDLite on V2"].text, recipe_called("bccd").text, "bccd", "d", 0)
    assert trial.recipe == (
        "detection_recipe(name='bccd', epochs=60, batch=4, peak_rate=0.03, warmup=0.2, momentum=0.9, "
        "weight_decay=0.0005, clip=10.0, anchor_scales=(0.1, 0.9), matched=0.5, zoom=(0.8, 1.5), visible=0.4, "
        "flip=True, colour=0.2, check_every=10, initialisation='he')"
    )
    assert (trial.id, trial.path.startswith("bccd/bccd/")) == ("cfc911f20165", True)


def test_the_identity_of_a_segmenters_trial_is_pinned():
    trial = Trial(
        find_study("segmentation-heads").arms["V2, stride 16"].text, recipe_called("camvid").text, "camvid", "d", 0
    )
    assert trial.recipe == (
        "segmentation_recipe(name='camvid', epochs=30, batch=8, peak_rate=0.1, warmup=0.2, momentum=0.9, "
        "weight_decay=0.0005, crop=(192, 256), scales=(0.6, 1.6), flip=True, colour=0.3, weighting='log', "
        "check_every=10, initialisation='he')"
    )
    assert (trial.id, trial.path.startswith("camvid/camvid/")) == ("3110d8590d9b", True)
