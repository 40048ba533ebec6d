"""`mnv2 backends` trains, compares and writes; a dry run stops before."""

import pytest

from analysis.problem import Problem
from analysis.trials import Record, Store, Trial
from experiments.commands import backends
from experiments.measurements.backends.rows import store
from experiments.measurements.backends.rule import BACKENDS, STUDY


@pytest.fixture
def results(tmp_path, monkeypatch):
    """Runs of both backends instead of a training."""
    recipe = STUDY.training("brief")

    def measure(data, recipe, chosen, options):
        for backend in BACKENDS:
            for arm, variant in STUDY.arms.items():
                for seed in range(10):
                    trial = Trial(variant.text, recipe.text, "cifar10", "d", seed)
                    counts = {"test_correct": 5000 + 9 * seed, "test_images": 10000}
                    Store(store(backend, "float32", tmp_path)).write(Record(trial, "finished", counts))
                    assert arm in STUDY.arms

    class Data:
        name = "cifar10"

    monkeypatch.setattr("experiments.measurements.backends.measure.measure", measure)
    monkeypatch.setattr("analysis.nn.fused.compiler.products", lambda: "float32")
    monkeypatch.setattr("experiments.sweeps.data.load", lambda name, folder: Data)
    assert recipe.name == "brief"
    return tmp_path


def test_it_prints_and_writes_the_comparison(results, capsys):
    backends.main(backends.Options(results=results))
    out = capsys.readouterr().out
    assert "Do the fused kernels train as torch's operators do?" in out
    assert (results / "verdicts" / "backends-cifar10-brief.json").is_file()


def test_a_dry_run_compares_nothing(results, capsys):
    backends.main(backends.Options(results=results, dry_run=True))
    assert capsys.readouterr().out == ""
    assert not (results / "tables").exists()


def test_another_device_than_a_cpu_has_no_fused_kernels(results):
    with pytest.raises(Problem, match="the fused kernels are for CPUs, not for --device cuda: mnv2 doctor --device"):
        backends.main(backends.Options(results=results, device="cuda"))
