"""Rates of steps on a device: in turns, with ratios taken within a round."""

import pytest
import torch

from analysis.training.device import CPU
from experiments.benches import device as bench
from experiments.benches.device import backends, rates, throughput

CUDA = torch.device("cuda", 0)


def test_backends_are_eager_and_what_is_faster(monkeypatch):
    monkeypatch.setattr("analysis.nn.backend.load_kernels", lambda: "no compiler")
    assert backends(CPU) == ("eager",)
    monkeypatch.setattr("analysis.nn.backend.load_kernels", lambda: "")
    assert backends(CPU) == ("eager", "fused")
    assert backends(CUDA) == ("eager", "captured")
    assert backends(torch.device("mps")) == ("eager",)


@pytest.fixture
def small(monkeypatch):
    monkeypatch.setattr(bench, "IMAGES", 150)
    monkeypatch.setitem(bench.CASES, "tiny", ("brief", 0.35))
    bench.drawn.cache_clear()
    yield
    bench.drawn.cache_clear()


def test_every_backend_has_its_turn_in_every_round(small, monkeypatch):
    monkeypatch.setattr(bench, "backends", lambda device: ("eager",))
    found = rates("tiny", CPU, rounds=2, seconds=0.001)
    assert list(found) == ["eager"]
    assert len(found["eager"]) == 2
    assert all(rate > 0 for rate in found["eager"])


def test_ratios_are_taken_within_a_round(monkeypatch):
    found = {"eager": [10.0, 20.0, 40.0], "captured": [30.0, 80.0, 100.0]}
    monkeypatch.setattr(bench, "rates", lambda case, device, rounds, seconds: found)
    eager, captured = throughput(CUDA, 3, 1.0, ["0.35"])
    assert (eager["to eager"], eager["images/s"]) == (1.0, 20.0)
    assert captured == {
        "width": "0.35",
        "backend": "captured",
        "images/s": 80.0,
        "to eager": 3.0,
        "lowest": 30.0,
        "highest": 100.0,
    }
