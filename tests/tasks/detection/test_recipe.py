"""The recipe of a detector: its text, when it is checked, what it refuses."""

import pytest

from analysis.problem import Problem
from analysis.tasks.detection.recipe import DetectionRecipe
from analysis.tasks.recipes import parse_recipe, recipe


def test_the_text_of_the_recipe_is_pinned():
    """It names stored trials; a `start` is stated only where there is one."""
    text = (
        "detection_recipe(name='bccd', epochs=60, batch=4, peak_rate=0.03, warmup=0.2, momentum=0.9, "
        "weight_decay=0.0005, clip=10.0, anchor_scales=(0.1, 0.9), matched=0.5, zoom=(0.8, 1.5), visible=0.4, "
        "flip=True, colour=0.2, check_every=10, initialisation='he'"
    )
    assert DetectionRecipe().text == recipe("bccd").text == f"{text})"
    assert DetectionRecipe(start="short").text == f"{text}, start='short')"
    assert parse_recipe(f"{text}, start='short')") == DetectionRecipe(start="short")


@pytest.mark.parametrize(("every", "checked"), [(2, [2, 4, 5]), (5, [5]), (9, [5]), (1, [1, 2, 3, 4, 5])])
def test_it_is_checked_every_few_epochs_and_after_the_last(every, checked):
    made = DetectionRecipe(epochs=5, check_every=every)
    assert [epoch for epoch in range(1, 6) if made.is_check(epoch)] == checked


def test_all_images_are_trained_on_and_gradients_are_clipped():
    made = DetectionRecipe(epochs=2, batch=4, clip=7.5)
    assert (made.steps(11), made.trained_on(11), made.looks, made.largest_gradient) == (4, 11, 0, 7.5)
    assert made.score({"test_score": 0.25}) == 25.0


@pytest.mark.parametrize(
    ("axis", "value"),
    [
        ("visible", 0.0),
        ("matched", 1.5),
        ("zoom", (1.0, 0.5)),
        ("zoom", (1.0, 1.5, 2.0)),
        ("anchor_scales", (0.2, 1.5)),
        ("anchor_scales", (0.0, 0.5)),
        ("warmup", 1.0),
        ("clip", 0.0),
        ("colour", 1.0),
        ("check_every", 0),
        ("start", "breif"),
    ],
)
def test_a_value_out_of_its_range_is_a_problem(axis, value):
    with pytest.raises(Problem, match=axis):
        DetectionRecipe(**{axis: value})
