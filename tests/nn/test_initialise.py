"""Initial weights depend on seed and name alone."""

import pytest
import torch

from analysis.arch import preset, unroll
from analysis.nn import build, initialise
from analysis.problem import Problem


def test_initial_weights_depend_on_seed_and_name_alone():
    first, again, other = (build(unroll(preset("brief"))) for _ in range(3))
    random_state = torch.get_rng_state()
    initialise(first, 0)
    initialise(again, 0)
    initialise(other, 1)
    assert torch.equal(torch.get_rng_state(), random_state)
    assert all(torch.equal(a, b) for a, b in zip(first.state_dict().values(), again.state_dict().values(), strict=True))
    assert not torch.equal(first.stem.conv.weight, other.stem.conv.weight)
    relu6 = build(unroll(preset("brief", projection="relu6", kernel=5)))
    initialise(relu6, 0)
    assert torch.equal(first.bottleneck2.project.conv.weight, relu6.bottleneck2.project.conv.weight)
    assert first.bottleneck2.depthwise.conv.weight.std().item() == pytest.approx((2 / 9) ** 0.5, rel=0.15)


def test_a_small_normal_scheme_and_norms_that_start_as_the_identity():
    network = build(unroll(preset("brief")))
    with torch.no_grad():
        network.stem.norm.weight.fill_(3)
    initialise(network, 0, scheme="normal_0.001")
    assert network.bottleneck2.depthwise.conv.weight.std().item() == pytest.approx(0.001, rel=0.15)
    assert network.head.linear.weight.std().item() == pytest.approx(0.001, rel=0.15)
    assert torch.equal(network.stem.norm.weight, torch.ones_like(network.stem.norm.weight))
    assert not network.head.linear.bias.any()
    with pytest.raises(Problem, match="unknown initialisation"):
        initialise(network, 0, scheme="xavier")
