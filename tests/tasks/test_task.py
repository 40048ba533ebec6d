"""A new task is a recipe, a learner and one line: the example of docs/extending.md is built, trained and stored."""

import re
import sys
from pathlib import Path

import pytest
import torch

import analysis.tasks
from analysis.arch import preset
from analysis.data.cifar import load_dataset
from analysis.problem import Problem
from analysis.tasks import recipes
from analysis.tasks.classification.learner import TASK
from analysis.tasks.classification.recipe import Recipe
from analysis.tasks.recipes import parse_recipe
from analysis.tasks.task import fit, learner_on, takes_device
from analysis.training.device import CPU
from analysis.trials import Store, Trial
from analysis.trials.run import run_on

PAGE = Path(__file__).parents[2] / "docs" / "extending.md"


@pytest.fixture
def brightness(tmp_path, monkeypatch):
    """The class of the example's recipe, its files where the page puts them."""
    folder = tmp_path / "brightness"
    folder.mkdir()
    for name, code in re.findall(r"```python task:(\S+)\n(.*?)```", PAGE.read_text(), re.DOTALL):
        (folder / name).write_text(code)
    monkeypatch.setattr(analysis.tasks, "__path__", [*analysis.tasks.__path__, str(tmp_path)])
    from analysis.tasks.brightness.recipe import BrightnessRecipe

    monkeypatch.setitem(recipes.KINDS, BrightnessRecipe.kind, BrightnessRecipe)
    yield BrightnessRecipe
    for name in [name for name in sys.modules if name.startswith("analysis.tasks.brightness")]:
        del sys.modules[name]


def test_the_example_of_a_new_task_trains_and_is_stored(brightness, tmp_path):
    data = load_dataset("synthetic", train=640, test=100)
    recipe, variant = brightness(epochs=4), preset("brief", rows=((2, 8, 1, 2),), last=16, classes=1)
    assert parse_recipe(recipe.text) == recipe
    trial = Trial(variant.text, recipe.text, data.name, data.digest, 0)
    record = run_on(data, trial)
    assert record.status == "finished", record.error
    losses = [epoch["train_loss"] for epoch in record.result["epochs"]]
    assert losses[-1] < 0.5 * losses[0]
    assert [epoch["validation_share"] for epoch in record.result["epochs"]][-1] > 0.2
    store = Store(tmp_path / "store")
    store.write(record)
    assert store.find(trial) == record
    assert record.score == 100 * record.result["test_score"] > 20


def test_a_test_split_that_stays_closed_leaves_the_same_keys():
    data = load_dataset("synthetic", train=120, test=20)
    made, variant = Recipe(batch=20, validation=40), preset("brief", rows=((2, 8, 1, 2),), last=16)
    closed, opened = (fit(TASK, variant, made, data, 0, read_test=read).result for read in (False, True))
    assert list(closed) == list(opened)
    assert (closed["test_correct"], closed["test_images"]) == (None, None)
    assert opened["test_images"] == 20
    assert [epoch["train_loss"] for epoch in closed["epochs"]] == [epoch["train_loss"] for epoch in opened["epochs"]]


def test_a_task_that_takes_no_device_runs_on_a_cpu_alone(brightness):
    data, variant = load_dataset("synthetic", train=80, test=20), preset("brief", rows=((2, 8, 1, 2),), classes=1)
    made = brightness()
    assert not takes_device(recipes.task(made))
    assert takes_device(TASK)
    run = variant, made, data, 0, "eager", None
    assert learner_on(CPU, recipes.task(made), *run).network.plan.outputs
    with pytest.raises(Problem, match="trainings by BrightnessRecipe run on a CPU alone: name --device cpu"):
        learner_on(torch.device("meta"), recipes.task(made), *run)


def test_training_images_that_do_not_fill_a_batch_are_a_problem():
    data = load_dataset("synthetic", train=120, test=20)
    with pytest.raises(Problem, match="80 training images of synthetic do not fill one batch of 81"):
        fit(TASK, preset("brief", rows=((2, 8, 1, 2),), last=16), Recipe(batch=81, validation=40), data, 0)
