"""What runs a Plan is chosen by name."""

import pytest
import torch

from analysis.arch import preset, unroll
from analysis.nn import Network, build
from analysis.nn.backend import resolved
from analysis.problem import Problem

PLAN = unroll(preset("brief"))


def test_eager_needs_no_kernels(monkeypatch):
    monkeypatch.setattr("analysis.nn.backend.load_kernels", lambda: pytest.fail("asked for kernels"))
    assert type(build(PLAN)) is Network
    assert resolved("eager") == "eager"


@pytest.mark.parametrize(("backend", "warnings"), [("fused", 1), ("auto", 0)])
def test_without_kernels_eager_runs_and_a_fused_one_that_was_asked_for_is_missed(
    monkeypatch, caplog, backend, warnings
):
    monkeypatch.setattr("analysis.nn.backend.load_kernels", lambda: "no compiler here")
    assert resolved(backend) == "eager"
    assert type(build(PLAN, backend)) is Network
    assert [record.getMessage() for record in caplog.records] == [
        "no fused kernels, eager runs: no compiler here"
    ] * warnings


@pytest.mark.parametrize("backend", ["fused", "auto"])
def test_with_kernels_they_run(kernels, backend):
    assert resolved(backend) == build(PLAN, backend).backend == "fused"


def test_an_unknown_backend_is_refused():
    for choose in (resolved, lambda backend: build(PLAN, backend)):
        with pytest.raises(Problem, match="unknown backend 'gpu'"):
            choose("gpu")


def test_on_accelerators_steps_are_captured_or_eager(monkeypatch, caplog):
    monkeypatch.setattr("analysis.nn.backend.load_kernels", lambda: pytest.fail("asked for kernels"))
    cuda, mps = torch.device("cuda"), torch.device("mps")
    assert [resolved(name, cuda) for name in ("eager", "fused", "captured", "auto")] == [
        *("eager", "eager", "captured", "captured")
    ]
    assert [resolved(name, mps) for name in ("eager", "fused", "auto")] == ["eager"] * 3
    for device in (mps, torch.device("cpu")):
        with pytest.raises(Problem, match=f"steps are captured on CUDA devices, not on {device.type}"):
            resolved("captured", device)
    network = build(PLAN, "fused", torch.device("meta"))
    assert type(network) is Network
    assert {parameter.device.type for parameter in network.parameters()} == {"meta"}
    assert "no fused kernels, eager runs: they are for CPUs" in caplog.text
