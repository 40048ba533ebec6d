"""Both backends train the planned seeds, and without fused kernels nothing runs."""

from types import SimpleNamespace

import pytest

from analysis.problem import Problem
from experiments.measurements.backends import measure
from experiments.measurements.backends.rule import STUDY, seeds
from experiments.sweeps.options import Running

DATA = SimpleNamespace(name="cifar10", digest="d")
RECIPE = STUDY.training("brief")


@pytest.fixture
def filled(monkeypatch):
    """What would be trained, by backend."""
    asked = {}

    def fill(title, trials, data, options, folder):
        asked[options.backend] = (trials, folder)
        return []

    monkeypatch.setattr(measure, "fill", fill)
    monkeypatch.setattr(measure, "products", lambda: "float32")
    monkeypatch.setattr(measure, "load_kernels", lambda: "")
    return asked


@pytest.mark.parametrize("chosen", [(), (3, 50)])
def test_planned_seeds_are_trained_with_both(filled, tmp_path, chosen):
    measure.measure(DATA, RECIPE, chosen, Running(results=tmp_path))
    assert filled["fused"][0] == filled["eager"][0]
    planned = sum(len([s for s in seeds(arm, "float32") if not chosen or s in chosen]) for arm in STUDY.arms)
    assert len(filled["eager"][0]) == planned
    assert [folder.name for _, folder in filled.values()] == ["fused-float32", "trials"]


def test_without_kernels_there_is_nothing_to_compare(filled, monkeypatch):
    monkeypatch.setattr(measure, "load_kernels", lambda: "no compiler")
    with pytest.raises(Problem, match="no fused kernels to compare: no compiler"):
        measure.measure(DATA, RECIPE, (), Running())
    assert filled == {}
