"""What is measured comes from images that were held out, of networks in a fixed order."""

import pytest

from analysis.arch import preset
from analysis.data.cifar import load_dataset
from analysis.tasks.classification.recipe import Recipe
from analysis.tasks.recipes import RECIPES
from experiments.measurements.patterns import measure as patterns

TINY = {"rows": ((None, 8, 2, 2),), "last": 16}


@pytest.fixture
def data(monkeypatch):
    """Ninety synthetic images, of which a recipe holds fifty out, and one small network."""
    monkeypatch.setattr(patterns, "ARMS", {"baseline": preset("brief", **TINY)})
    monkeypatch.setattr(patterns, "SEEDS", (1, 0))
    monkeypatch.setitem(RECIPES, "brief", Recipe(batch=20, validation=50))
    return load_dataset("synthetic", train=90, test=20)


def test_images_are_the_first_of_those_held_out(data):
    text = RECIPES["brief"].text
    assert [len(batch) for batch in patterns.validation_images(data, text, 30)] == [30]
    (batch,) = patterns.validation_images(data, text)
    assert tuple(batch.shape) == (50, 3, 32, 32)


def test_networks_are_trained_once_and_measured_by_arm_and_seed(data, tmp_path):
    said = []
    found = patterns.measure(data, tmp_path, "eager", said.append)
    assert [line for line in said if line.startswith("measured")] == [
        "measured baseline, seed 0",
        "measured baseline, seed 1",
    ]
    assert sum(line.startswith("trained") for line in said) == 2
    assert list(dict.fromkeys((row.seed, row.stage) for row in found.rows.positive)) == [
        (seed, stage) for seed in (0, 1) for stage in ("initial", "trained")
    ]
    assert (found.name, found.conditions["digest"]) == ("patterns-synthetic", data.digest)
    assert found.conditions["note"].endswith("seeds 0 to 1, 1,000 validation images")
    said.clear()
    patterns.measure(data, tmp_path, "eager", said.append)
    assert not any(line.startswith("trained") for line in said)
