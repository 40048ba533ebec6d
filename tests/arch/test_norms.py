"""A network has batch norms, group norms or biases, wherever a convolution had a norm."""

import pytest
import torch

from analysis.arch import parse_variant, preset, unroll
from analysis.arch.norms import groups
from analysis.arch.plan import Conv, Norm
from analysis.cost import count
from analysis.cost.splitting import splittable
from analysis.nn import build
from analysis.problem import Problem


@pytest.mark.parametrize(("channels", "number"), [(16, 1), (24, 2), (32, 2), (96, 6), (13, 1), (17, 17), (8, 1)])
def test_groups_are_even_and_have_at_most_16_channels(channels, number):
    assert groups(channels) == number


def norms(variant):
    return [op for op in unroll(variant).operations if isinstance(op, Norm)]


def test_every_norm_becomes_one_of_groups_and_counts_the_same_but_for_running_statistics():
    plain, grouped = preset("brief"), preset("brief", norm="group")
    assert [op.name for op in norms(grouped)] == [op.name for op in norms(plain)]
    assert all(op.groups == groups(op.shape[0]) for op in norms(grouped))
    one, other = count(unroll(plain)), count(unroll(grouped))
    assert other == one._replace(norm_statistics=0) != one


def test_without_norms_a_convolution_has_a_bias():
    plain, bare = preset("brief", padding="one_sided"), preset("brief", padding="one_sided", norm="none")
    assert norms(bare) == []
    convolutions = [op for op in unroll(bare).operations if isinstance(op, Conv)]
    assert all(op.bias for op in convolutions) and any(op.one_sided for op in convolutions)
    one, other = count(unroll(plain)), count(unroll(bare))
    assert (other.madds, other.weights, other.norm) == (one.madds, one.weights, 0)
    assert other.biases - one.biases == one.affine // 2


def test_a_group_norm_depends_on_its_own_image_alone_in_training_too():
    network = build(unroll(preset("brief", norm="group", resolution=8, dropout=0.0))).train()
    images = torch.randn(3, 3, 8, 8)
    torch.testing.assert_close(network(images)[:1], network(images[:1]), rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("text", ["ssd(backbone=mobilenet_v2(resolution=64, norm={!r}))", "mobilenet_v2(norm={!r})"])
@pytest.mark.parametrize("norm", ["group", "none"])
def test_a_head_has_the_norms_of_its_backbone(text, norm):
    variant = parse_variant(text.format(norm))
    assert {op.groups > 0 for op in norms(variant)} == ({True} if norm == "group" else set())
    assert parse_variant(variant.text) == variant


def test_an_unknown_norm_is_named_and_grouped_blocks_are_not_split():
    with pytest.raises(Problem, match="known are batch, group, none"):
        preset("brief", norm="layer")
    assert "norm" not in preset("brief").text
    assert splittable(unroll(preset("brief", norm="group"))) == []
    assert splittable(unroll(preset("brief", norm="none"))) != []
