"""The recipe of a classifier: its texts, what is held out, what its records score, what it refuses."""

import pytest

from analysis.problem import Problem
from analysis.tasks.classification.recipe import RECIPES, Recipe
from analysis.tasks.recipes import parse_recipe


def test_the_texts_of_the_recipes_are_pinned():
    """They name stored trials. A change of a default would give old trials another meaning."""
    rest = "label_smoothing=0.1, crop=4, flip=True, validation=5000, split_seed=0, initialisation='he')"
    descent = "peak_rate=0.1, warmup=0.3, momentum=0.9, weight_decay=0.0005"
    tuned = descent.replace("0.1", "0.3", 1)
    assert {name: made.text for name, made in RECIPES.items()} == {
        "brief": f"recipe(name='brief', epochs=1, batch=64, {descent}, {rest}",
        "short": f"recipe(name='short', epochs=10, batch=64, {descent}, {rest}",
        "full": f"recipe(name='full', epochs=200, batch=128, {descent}, {rest}",
        **{
            f"tuned-{epochs}": f"recipe(name='tuned-{epochs}', epochs={epochs}, batch=64, {tuned}, {rest}"
            for epochs in (1, 3, 10, 30, 100)
        },
    }
    assert all(parse_recipe(made.text) == made for made in RECIPES.values())


def test_held_out_images_are_looked_at_and_not_trained_on():
    recipe = Recipe(epochs=3, batch=16, validation=40)
    assert recipe.trained_on(200) == 160
    assert recipe.steps(200) == 3 * (160 // 16)
    assert recipe.steps(215) == 3 * (175 // 16)  # an incomplete batch is left out
    assert recipe.looks == 3 * 40


def test_its_score_is_the_share_of_correct_test_images():
    assert Recipe().score({"test_correct": 45, "test_images": 60}) == 75.0
    assert Recipe().readings({"test_correct": 45, "test_images": 60}) == {}


@pytest.mark.parametrize(
    ("axes", "message"),
    [
        ({"crop": -1}, "crop -1"),
        ({"validation": 0}, "validation 0"),
        ({"split_seed": -1}, "split_seed -1"),
        ({"label_smoothing": 1.0}, "label_smoothing 1.0"),
        ({"initialisation": "hee"}, "hee"),
    ],
)
def test_a_value_out_of_its_range_is_a_problem(axes, message):
    with pytest.raises(Problem, match=message):
        Recipe(**axes)
