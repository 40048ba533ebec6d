"""Options that run a study in seconds."""

import numpy as np
import pytest
from quick_figures import one_format

from analysis.tasks.classification.recipe import Recipe
from analysis.tasks.recipes import RECIPES
from experiments.claims.ablations import Claim, minus
from experiments.studies.registry import STUDIES
from experiments.sweeps.options import Options


@pytest.fixture(autouse=True)
def quick_figures(monkeypatch):
    monkeypatch.setattr("experiments.answers.answer.write_figure", one_format)


@pytest.fixture
def options(tmp_path, monkeypatch):
    """A recipe of three steps and CIFAR-10 in its binary layout, in a folder that holds a space."""
    monkeypatch.setenv("MNV2_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.setitem(RECIPES, "tiny", Recipe(name="tiny", batch=8, validation=16))
    folder = tmp_path / "my data" / "cifar-10-batches-bin"
    folder.mkdir(parents=True)
    rng = np.random.default_rng(0)
    for name in (*(f"data_batch_{i}" for i in range(1, 6)), "test_batch"):
        records = rng.integers(0, 256, (8, 3073), np.uint8)
        records[:, 0] %= 10
        (folder / f"{name}.bin").write_bytes(records.tobytes())
    monkeypatch.setitem(STUDIES, "pair", "pair")
    monkeypatch.setattr(
        "experiments.answers.study.CLAIMS", (Claim("linear-bottleneck", "pair", (minus("linear", "relu6"),)),)
    )
    return Options(
        recipe="tiny", data_dir=folder.parent, jobs=1, backend="eager", seeds=(0, 1), results=tmp_path / "results"
    )
