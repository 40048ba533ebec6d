"""A training starts from published weights of each layout, learns, and says in its result what it started from."""

from dataclasses import replace
from importlib.util import find_spec

import pytest
import torch
from published_files import write_layout
from tiny_trials import case

from analysis.arch.mobilenet_v2 import MobileNetV2
from analysis.problem import Problem
from analysis.tasks.low_precision.recipe import QuantisedRecipe
from analysis.tasks.recipes import parse_recipe, task
from analysis.tasks.start import begin
from analysis.tasks.task import fit
from analysis.training.recipe import WEIGHTS

LACKS = [name for name in ("ai_edge_litert", "h5py", "tflite") if find_spec(name) is None]
pytestmark = pytest.mark.skipif(bool(LACKS), reason=f"the extra `weights` lacks {', '.join(LACKS)}")
FILE = MobileNetV2(width=0.1, resolution=32, classes=1001)
ROWS = (
    (1, 8, 1, 1),
    (3, 16, 1, 2),
    (3, 24, 1, 2),
    (3, 32, 1, 2),
)  # of the small trunks: files of TensorFlow Lite alone


def weights_of(recipe):
    return replace(recipe, training=replace(recipe.training, start=WEIGHTS)) if isinstance(
        recipe, QuantisedRecipe
    ) else replace(recipe, start=WEIGHTS)  # fmt: skip


@pytest.mark.parametrize("layout", ["torchvision", "timm", "keras", "tflite"])
def test_a_classifier_starts_from_each_layout(layout, tmp_path):
    _, recipe, data = case("classification", tmp_path, epochs=1)
    network = write_layout(tmp_path / "w", layout, FILE)
    variant = replace(FILE, classes=10)
    recipe = weights_of(recipe)
    torch.set_num_threads(1)
    fitted = fit(task(recipe), variant, recipe, data, 0, start=tmp_path / "w")
    assert fitted.status == "finished" and fitted.result["test_images"] == 40
    assert fitted.result["start"].startswith("260 tensors of mobilenet_v2(width=0.1, resolution=")
    assert f"in the layout of {layout}" in fitted.result["start"]
    again = fit(task(recipe), variant, recipe, data, 0, start=tmp_path / "w")
    losses = [[epoch["train_loss"] for epoch in each.result["epochs"]] for each in (fitted, again)]
    assert losses[0] == losses[1]
    plain = replace(recipe, start="")
    random = fit(task(plain), variant, plain, data, 0)
    assert random.result["epochs"][0]["train_loss"] != losses[0][0] and "start" not in random.result
    trained, theirs = (each.state_dict()["bottleneck9.project.conv.weight"] for each in (fitted.network, network))
    near, far = ((trained - other).norm() for other in (theirs, random.network.state_dict()[
        "bottleneck9.project.conv.weight"]))  # fmt: skip
    assert near < far or layout == "tflite"  # whose kernels have their norms folded in


@pytest.mark.parametrize("name", ["low precision", "detection", "segmentation"])
def test_every_task_starts_from_a_file(name, tmp_path):
    variant, recipe, data = case(name, tmp_path, epochs=1)
    trunk = getattr(variant, "backbone", variant)
    file = replace(trunk, resolution=64, classes=1001, stem_stride=2, dropout=0.0)
    write_layout(tmp_path / "w", "tflite", file)
    recipe = weights_of(recipe)
    assert parse_recipe(recipe.text) == recipe and recipe.start == WEIGHTS
    torch.set_num_threads(1)
    result = fit(task(recipe), variant, recipe, data, 0, start=tmp_path / "w").result
    assert "published in the layout of tflite, norms set apart on training images" in result["start"]
    assert "padding one_sided, continued with symmetric" in result["start"]
    assert fit(task(recipe), variant, recipe, data, 0, start=tmp_path / "w", read_test=False).result["start"]


def test_a_file_that_does_not_fit_is_refused_before_the_first_step(tmp_path):
    variant, recipe, data = case("classification", tmp_path, epochs=1)
    write_layout(tmp_path / "w", "torchvision", FILE)
    with pytest.raises(Problem, match=r"(in the file \(width 0.1\)|the file has no)"):
        fit(task(recipe), variant, weights_of(recipe), data, 0, start=tmp_path / "w")
    (tmp_path / "w").write_bytes(b"")
    with pytest.raises(Problem, match="is empty"):
        fit(task(recipe), variant, weights_of(recipe), data, 0, start=tmp_path / "w")


def test_nothing_is_begun_without_a_file():
    assert begin(None, None, None, None, None, None) == ""
