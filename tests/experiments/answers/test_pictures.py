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
from analysis.tasks.segmentation.recipe import MULTI_SCALE, ONE_SIZE, SegmentationRecipe
from experiments.commands import study
from experiments.commands.study import Options
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
    monkeypatch.setattr("experiments.sweeps.options.find_study", lambda _: asked)
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
    monkeypatch.setattr("experiments.sweeps.options.find_study", lambda _: alone)
    study.show("alone", replace(options, data_dir=None))
    read = list(csv.DictReader((options.results / "tables" / "alone-drawn-masks.csv").open()))
    assert [(row["arm"], row["n"], row["mean IoU %"]) for row in read] == [
        (row["arm"], row["n"], row["mean IoU %"]) for row in rows[:2]
    ]
    with pytest.raises(Problem, match="needs at least two arms"):
        replace(alone, readings={})
