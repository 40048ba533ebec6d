"""Modules hold the bytes that the schedules say, and folded and split networks compute what the plain one does."""

import pytest
import torch
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from random_variants import v2

from analysis.arch import label, parse_variant, preset, unroll
from analysis.cost.memory import memory
from analysis.cost.splitting import even_groups, inner_channels, splittable
from analysis.nn import build, initialise
from analysis.nn.fold import fold
from analysis.nn.split import SplitBlock, split
from analysis.nn.tracker import track
from analysis.problem import Problem

VARIANTS = [
    preset("brief"),
    preset("brief", shortcut="expansion"),
    preset("brief", shortcut="expansion_after_depthwise"),
    preset("brief", shortcut="none", projection="relu6_after_addition"),
    preset("brief", expansion=0.0),
    preset("cifar", width=0.35),
    preset("imagenet", width=0.35, resolution=64),
    parse_variant("mobilenet_v1(width=0.25, resolution=64)"),
    parse_variant("plain(width=0.25, resolution=32)"),
    parse_variant("shufflenet_v1(width=0.25, resolution=64)"),
    parse_variant("ssd(backbone=mobilenet_v2(width=0.35, resolution=96))"),
    parse_variant("deeplab_v3(backbone=mobilenet_v2(width=0.35, resolution=65))"),
]


def images(plan, count=2):
    return torch.randn(count, *plan.image).to(memory_format=torch.channels_last)


def trained(variant):
    """A network in float64 whose norms have statistics and affine values of their own."""
    torch.manual_seed(0)
    network = build(unroll(variant))
    initialise(network, 0)
    with torch.no_grad():
        for name, value in network.state_dict().items():
            if ".norm." in name and value.is_floating_point():
                value.copy_(torch.rand_like(value) + 0.5)
    return network.eval().double()


@pytest.mark.parametrize("variant", VARIANTS, ids=label)
def test_every_moment_has_the_bytes_of_the_schedule(variant):
    plan = unroll(variant)
    modules = {"eager": build(plan).eval(), "folded": fold(build(plan)), "training": build(plan).train()}
    for schedule, module in modules.items():
        measured, told = track(module, images(plan)), memory(plan, schedule, batch=2)
        assert [moment.bytes for moment in measured.moments] == [moment.bytes for moment in told.moments], schedule


@pytest.mark.parametrize("ways", [1, 2, 3, 5])
@pytest.mark.parametrize("variant", [VARIANTS[0], VARIANTS[3], VARIANTS[6], VARIANTS[10]], ids=label)
def test_a_split_network_peaks_where_its_schedule_does(variant, ways):
    plan = unroll(variant)
    measured = track(split(build(plan), ways), images(plan)).peak
    assert measured.bytes == memory(plan, "split", ways=ways, batch=2).peak.bytes


@pytest.mark.parametrize("variant", VARIANTS, ids=label)
def test_a_folded_network_computes_the_same_and_leaves_the_first_alone(variant):
    network = trained(variant)
    before = {name: value.clone() for name, value in network.state_dict().items()}
    x = images(network.plan).double()
    with torch.inference_mode():
        plain, folded = network(x), fold(network)(x)
    for a, b in zip(*((y if isinstance(y, tuple) else (y,)) for y in (plain, folded)), strict=True):
        torch.testing.assert_close(b, a, rtol=1e-9, atol=1e-9)
    for name, value in network.state_dict().items():
        assert torch.equal(value, before[name])


@settings(max_examples=20)
@given(
    st.sampled_from(["linear", "relu6", "relu6_after_addition"]),
    st.sampled_from(["bottleneck", "none"]),
    st.sampled_from([0.5, 1.0, 3.0, 6.0]),
    st.sampled_from([3, 5]),
    st.integers(1, 8),
)
def test_a_split_network_computes_the_same(projection, shortcut, expansion, kernel, ways):
    variant = preset("brief", projection=projection, shortcut=shortcut, expansion=expansion, kernel=kernel)
    network = trained(variant)
    inner = min(round(expansion * 8), 16)
    if ways > inner:
        with pytest.raises(Problem, match=f"not {ways}"):
            split(network, ways)
        return
    x = images(network.plan).double()
    with torch.inference_mode():
        torch.testing.assert_close(split(network, ways)(x), network(x), rtol=1e-9, atol=1e-9)


@settings(max_examples=12)
@given(v2(st.sampled_from([32, (32, 64)])).filter(lambda v: not v.features), st.integers(2, 4))
def test_a_random_split_network_computes_the_same(variant, ways):
    network = trained(variant)
    blocks = splittable(network.plan)
    assume(blocks and all(ways <= inner_channels(block.body) for block in blocks))
    x = images(network.plan).double()
    with torch.inference_mode():
        torch.testing.assert_close(split(network, ways)(x), network(x), rtol=1e-9, atol=1e-9)


@settings(max_examples=20)
@given(st.lists(st.integers(1, 40), min_size=1, max_size=6))
def test_a_block_splits_into_uneven_groups(sizes):
    network = fold(trained(preset("brief")))
    block = network.bottleneck4
    sizes = (*sizes, 96 - sum(sizes)) if sum(sizes) < 96 else even_groups(96, len(sizes))
    x = torch.randn(2, *block.body.inputs["x"]).double().to(memory_format=torch.channels_last)
    wanted = frozenset([block.body.output])
    with torch.inference_mode():
        plain = block({"x": x}, wanted)[block.body.output]
        apart = SplitBlock(block, tuple(sizes))({"x": x}, wanted)[block.body.output]
    torch.testing.assert_close(apart, plain, rtol=1e-9, atol=1e-9)
    with pytest.raises(Problem, match="do not sum to the 96 inner channels"):
        SplitBlock(block, (1, 2))
