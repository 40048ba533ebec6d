"""Records of a study's arms with normal accuracies."""

import numpy as np

from analysis.trials import Record, Trial
from experiments.studies.registry import find_study


def records(study_name, spread_of=1.0, seeds=5, digest="d"):
    """Records of a study's arms with normal accuracies."""
    study, generator = find_study(study_name), np.random.default_rng(5)
    made = []
    for variant in study.arms.values():
        for seed in range(seeds):
            trial = Trial(variant.text, study.training().text, study.dataset, digest, seed)
            values = {
                "test_correct": round(6000 + 100 * spread_of * generator.standard_normal()),
                "test_images": 10_000,
            }
            if study.readings:
                drawn = {
                    name: round(6000 - 10 * (32 - at) + 10 * (32 - at) * generator.standard_normal())
                    for name, at in study.readings.items()
                }
                values |= {"readings": drawn}
            made.append(Record(trial, "finished", values))
    return made
