"""The recipe of a segmentation network: its text, when it is checked, what it refuses."""

from dataclasses import replace

import pytest

from analysis.problem import Problem
from analysis.tasks.recipes import parse_recipe, recipe
from analysis.tasks.segmentation.recipe import SegmentationRecipe


def test_the_text_of_the_recipe_is_pinned():
    """It names stored trials; later fields are stated only where they differ from their default."""
    text = (
        "segmentation_recipe(name='camvid', epochs=30, batch=8, peak_rate=0.1, warmup=0.2, momentum=0.9, "
        "weight_decay=0.0005, crop=(192, 256), scales=(0.6, 1.6), flip=True, colour=0.3, weighting='log', "
        "check_every=10, initialisation='he'"
    )
    assert SegmentationRecipe().text == recipe("camvid").text == f"{text})"
    later = SegmentationRecipe(start="short", multi_scale=True)
    assert later.text == f"{text}, start='short', multi_scale=True)"
    assert parse_recipe(later.text) == later


@pytest.mark.parametrize(("every", "checked"), [(2, [2, 4, 5]), (5, [5]), (9, [5]), (1, [1, 2, 3, 4, 5])])
def test_it_is_checked_every_few_epochs_and_after_the_last(every, checked):
    made = SegmentationRecipe(epochs=5, check_every=every)
    assert [epoch for epoch in range(1, 6) if made.is_check(epoch)] == checked


def test_scores_and_readings_are_in_percent():
    assert SegmentationRecipe().score({"test_score": 0.25}) == 25.0
    assert SegmentationRecipe().readings({"readings": {"one size": 0.5}}) == {"one size": 50.0}
    assert SegmentationRecipe().readings({}) == {}


@pytest.mark.parametrize(
    ("axes", "message"),
    [
        ({"weighting": "some"}, "weighting"),
        ({"scales": (1.0, 0.5)}, "scales 0.5"),
        ({"scales": (0.0, 0.5)}, "scales 0.0"),
        ({"crop": (192,)}, r"crop \(192,\) is not \(height, width\)"),
        ({"crop": (192, 0)}, "crop 0"),
        ({"colour": 1.0}, "colour 1.0"),
        ({"check_every": 0}, "check_every 0"),
        ({"start": "breif"}, "start"),
    ],
)
def test_a_value_out_of_its_range_is_a_problem(axes, message):
    with pytest.raises(Problem, match=message):
        replace(SegmentationRecipe(), **axes)
