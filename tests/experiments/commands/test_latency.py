"""`mnv2 latency` without ONNX Runtime."""

import importlib.util

import pytest

from analysis.problem import Problem
from experiments.commands.latency import available


def test_without_onnx_runtime_eager_goes_on(monkeypatch, capsys):
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    assert available(("eager", "onnxruntime")) == ("eager",)
    assert capsys.readouterr().err.count("\n") == 1
    with pytest.raises(Problem, match="nothing to measure"):
        available(("onnxruntime",))
