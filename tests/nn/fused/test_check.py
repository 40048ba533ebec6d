"""The comparison with torch passes where the kernels are right, and names what is not."""

import pytest
import torch

from analysis.nn.fused import check
from analysis.nn.fused.network import FusedNetwork


def test_kernels_that_agree_are_passed_and_the_random_state_stays():
    state = torch.get_rng_state()
    assert check.disagreement() == ""
    assert torch.equal(torch.get_rng_state(), state)


@pytest.mark.parametrize("factor", [1.01, float("nan")])
def test_the_first_tensor_that_differs_is_named(monkeypatch, factor):
    def flawed(plan, storage):
        network = FusedNetwork(plan, storage)
        network.bottleneck2.expand.conv.weight.register_hook(lambda gradient: factor * gradient)
        return network

    monkeypatch.setattr(check, "FusedNetwork", flawed)
    assert "compute bottleneck2.expand.conv.weight otherwise than torch" in check.disagreement()
