"""Trials keep their identity."""

from analysis.tasks.recipes import recipe as recipe_called
from analysis.trials import Trial
from experiments.studies.registry import find_study


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
