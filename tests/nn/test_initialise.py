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


def test_orthogonal_convolutions_have_orthonormal_rows_or_columns():
    network = build(unroll(preset("brief")))
    initialise(network, 0, scheme="orthogonal")
    for conv in (network.bottleneck2.expand.conv, network.bottleneck2.project.conv, network.bottleneck2.depthwise.conv):
        matrix = conv.weight.detach().flatten(1)
        small = matrix if matrix.shape[0] <= matrix.shape[1] else matrix.T
        torch.testing.assert_close(small @ small.T, torch.eye(len(small)), atol=1e-5, rtol=0)
    again = build(unroll(preset("brief")))
    initialise(again, 1, scheme="orthogonal")
    assert not torch.equal(network.stem.conv.weight, again.stem.conv.weight)
    assert network.head.linear.weight.std().item() == pytest.approx(0.01, rel=0.15)


@pytest.mark.parametrize("shortcut", ["bottleneck", "none"])
def test_the_last_norm_of_a_block_that_keeps_its_shape_starts_at_zero(shortcut):
    plan = unroll(preset("brief", shortcut=shortcut))
    network = build(plan)
    initialise(network, 0, scheme="zero_last_norm")
    zero = {name for name, norm in network.named_modules() if hasattr(norm, "running_mean") and not norm.weight.any()}
    kept = [b.name for b in plan.blocks if b.body.kind == "inverted_residual" and b.body.inputs["x"] == b.body.shape]
    assert zero == {f"{name}.project.norm" for name in kept} and len(kept) == 11
    network(torch.randn(8, 3, 32, 32, generator=torch.Generator().manual_seed(0)))[:, 0].sum().backward()
    moved = {name for name, parameter in network.named_parameters() if parameter.grad.any()}
    if shortcut == "bottleneck":
        assert {"stem.conv.weight", "bottleneck14.project.norm.weight"} <= moved
    else:
        assert moved == {"head.linear.bias"}  # nothing else can ever move


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
