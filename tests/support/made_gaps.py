"""Made records of the headline study's arms at any number of epochs."""

from dataclasses import replace

from analysis.trials import Record, Trial
from experiments.measurements.effects.rows import BASE
from experiments.studies.headline import STUDY as HEADLINE


def record(variant, percent, seed, epochs=1, dataset="cifar10", **changes):
    recipe = replace(BASE, name=f"{epochs}-epochs", epochs=epochs, **changes)
    result = {"test_correct": round(100 * percent), "test_images": 10000, "epochs": [], "steps": 1}
    trial = Trial(variant.text, recipe.text, dataset, "0" * 64, seed)
    return Record(trial, "finished", result, "made", {"backend": "eager"})


def runs(percents, epochs=1, **changes):
    """Records of the arms of the headline study, seeds 0 to 2, a tenth of a point apart."""
    return [
        record(HEADLINE.arms[name], percent + seed / 10, seed, epochs, **changes)
        for name, percent in percents.items()
        for seed in range(3)
    ]
