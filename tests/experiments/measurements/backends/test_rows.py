"""What is stored of both backends is compared where every arm has run with both."""

import pytest

from analysis.trials import Record, Store, Trial
from experiments.answers.collect import NoRuns
from experiments.measurements.backends.rows import compared, store, stored
from experiments.measurements.backends.rule import BACKENDS, STUDY, seeds

RECIPE = STUDY.training("brief")


def fill(results, arms, products="float32"):
    """Two seeds of each arm with both backends, and one seed that was not planned."""
    for backend in BACKENDS:
        for arm in arms:
            for seed in (0, 1, 99):
                trial = Trial(STUDY.arms[arm].text, RECIPE.text, "cifar10", "d", seed)
                counts = {"test_correct": 50 + seed, "test_images": 100}
                Store(store(backend, products, results)).write(Record(trial, "finished", counts, "JPEG copy"))


def test_planned_seeds_are_taken_and_missing_ones_counted(tmp_path):
    fill(tmp_path, STUDY.arms)
    (found,) = stored(tmp_path)
    assert (found.products, found.kind) == ("float32", "backends")
    assert found.conditions.text == "CIFAR-10 (JPEG copy), recipe brief (1 epoch, batch 64)"
    assert {seed for by in found.runs.values() for runs in by.values() for seed in runs} == {0, 1}
    assert found.lacking == {arm: len(seeds(arm, "float32")) for arm in STUDY.arms}


def test_other_products_have_a_folder_and_a_name_of_their_own(tmp_path):
    fill(tmp_path, STUDY.arms, "bfloat16")
    assert [each.kind for each in stored(tmp_path)] == ["backends-bfloat16"]
    assert (tmp_path / "backends" / "fused-bfloat16").is_dir()


def test_half_a_comparison_is_none(tmp_path):
    fill(tmp_path, ["linear"])
    assert stored(tmp_path) == []
    with pytest.raises(NoRuns, match="not every arm has run with both backends yet: mnv2 backends"):
        compared("float32", "cifar10", RECIPE, tmp_path)
