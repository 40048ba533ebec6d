"""The fused backend says what it leaves to torch, from running it."""

import pytest

from analysis.arch import preset, unroll
from analysis.nn.fused import fallback
from analysis.nn.fused.fallback import left_to_torch
from analysis.problem import Problem


def names(**axes):
    return [op.name for op in left_to_torch(unroll(preset("brief", resolution=16, rows=((6, 8, 2, 1),), **axes)))]


def test_the_papers_network_leaves_its_classifier_alone_to_torch():
    assert names() == ["head.linear"]


def test_a_squeeze_leaves_its_layers_and_its_product_to_torch_but_not_its_mean():
    parts = ["reduce", "activation", "excite", "gate", "scale"]
    squeezes = [f"bottleneck{index}.squeeze.{part}" for index in (1, 2) for part in parts]
    assert names(squeeze=0.25) == [*squeezes, "head.linear"]


def test_an_activation_without_a_kernel_is_torchs():
    found = names(activation="silu")
    assert "stem.activation" in found and "stem.conv" not in found and "bottleneck1.depthwise.conv" not in found
    assert "stem.activation" not in names(activation="hard_swish")


def test_a_machine_without_kernels_is_a_problem(monkeypatch):
    monkeypatch.setattr(fallback, "load_kernels", lambda: "no compiler")
    with pytest.raises(Problem, match="does not run here: no compiler"):
        left_to_torch(unroll(preset("brief")))
