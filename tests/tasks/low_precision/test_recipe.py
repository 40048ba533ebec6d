"""The recipe of a network at several precisions: which they are, its text, what its records score."""

import pytest

from analysis.arch import preset
from analysis.problem import Problem
from analysis.tasks.classification.recipe import Recipe
from analysis.tasks.low_precision.recipe import Precision, QuantisedRecipe
from analysis.tasks.recipes import parse_recipe, recipe
from analysis.trials import Trial

TINY = QuantisedRecipe(name="tiny", training=Recipe(name="tiny", batch=16, validation=40), bits=(8, 3), calibration=20)


def test_every_number_of_bits_is_read_in_three_ways():
    assert list(QuantisedRecipe(bits=(5,)).precisions()) == [
        Precision("5 bits", 5, per_channel=True, clipped=False),
        Precision("5 bits, clipped", 5, per_channel=True, clipped=True),
        Precision("5 bits, per tensor", 5, per_channel=False, clipped=False),
    ]


def test_a_training_within_the_recipe_reads_back_from_its_text():
    assert parse_recipe(TINY.text) == TINY
    assert parse_recipe(recipe("low-precision").text) == recipe("low-precision")


def test_what_it_says_of_the_training_is_that_of_the_inner_recipe():
    assert (TINY.epochs, TINY.batch, TINY.initialisation) == (1, 16, "he")
    assert TINY.steps(200) == TINY.training.steps(200) == 10
    assert TINY.looks == 40 + 20 + 7 * 10_000


def test_scores_and_readings_are_in_percent():
    result = {"test_correct": 30, "test_images": 60, "readings": {"float": 30, "3 bits": 6}}
    assert TINY.score(result) == 50.0
    assert TINY.readings(result) == {"float": 50.0, "3 bits": 10.0}
    assert TINY.readings({"test_images": 60}) == {}


def test_the_identity_of_a_trial_at_low_precision_is_pinned():
    trial = Trial(preset("brief").text, recipe("low-precision").text, "cifar10", "d", 0)
    assert trial.recipe == (
        "quantised_recipe(name='low-precision', training=recipe(name='brief', epochs=1, batch=64, peak_rate=0.1, "
        "warmup=0.3, momentum=0.9, weight_decay=0.0005, label_smoothing=0.1, crop=4, flip=True, validation=5000, "
        "split_seed=0, initialisation='he'), bits=(8, 6, 4), calibration=500, percentile=99.9)"
    )
    assert trial.path.startswith("cifar10/low-precision/")
    assert trial.id == "4bf727954717"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("quantised_recipe(bits=(8, 1))", "bits 1 is not a whole number of at least 2"),
        ("quantised_recipe(percentile=20)", "percentile 20 is not a number above 50"),
        ("quantised_recipe(training='brief')", "training 'brief' is not a recipe of a classifier"),
        ("quantised_recipe(calibration=0)", "calibration 0"),
    ],
)
def test_wrong_recipes_are_problems(text, message):
    with pytest.raises(Problem, match=message):
        parse_recipe(text)
