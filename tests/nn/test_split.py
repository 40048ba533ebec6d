"""A split network computes what the plain one does."""

from dataclasses import replace

import pytest
import torch
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from networks import images, trained
from random_variants import v2

from analysis.arch import preset
from analysis.cost.splitting import even_groups, inner_channels, splittable
from analysis.nn.fold import fold
from analysis.nn.split import SplitBlock, split
from analysis.problem import Problem


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


def splitting(variant):
    """The classifier without what splits no block."""
    return replace(variant, features=(), squeeze=0.0, norm="batch" if variant.norm == "group" else variant.norm)


@settings(max_examples=12)
@given(v2(st.sampled_from([32, (32, 64)])).map(splitting), st.integers(2, 4))
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
