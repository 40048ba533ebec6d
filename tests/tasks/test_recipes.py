"""Recipes by name and by text: every one leads to its task, and none needs torch to be read."""

import subprocess
import sys

import pytest

from analysis.problem import Problem
from analysis.tasks.recipes import KINDS, RECIPES, parse_recipe, recipe, task


@pytest.mark.parametrize("made", RECIPES.values(), ids=lambda made: made.name)
def test_every_recipe_leads_to_its_task_and_reads_back_from_its_text(made):
    assert recipe(made.name) is made
    assert task(made).recipe is type(made) is KINDS[made.kind]
    assert made.metric.startswith("test ")
    assert parse_recipe(made.text) == made


def test_a_recipes_text_of_an_unknown_kind_or_field_is_a_problem():
    with pytest.raises(Problem, match="unknown recipe 'brightness_recipe'"):
        parse_recipe("brightness_recipe()")
    with pytest.raises(Problem, match="did you mean 'epochs'"):
        parse_recipe("recipe(epoch=3)")


def test_an_unknown_name_is_a_problem():
    with pytest.raises(Problem, match="unknown recipe 'breif': did you mean 'brief'"):
        recipe("breif")


def test_texts_are_read_without_torch():
    script = "import sys; from analysis.tasks.recipes import parse_recipe, recipe; "
    script += "parse_recipe(recipe('camvid-long').text); print('torch' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False"]
