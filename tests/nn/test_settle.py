"""Settled norms have the statistics of their inputs."""

import torch

from analysis.arch import preset, unroll
from analysis.nn import build, initialise
from analysis.nn.settle import settle, settle_on

TINY = preset("brief", rows=((6, 8, 2, 2),), classes=3)


def network(variant):
    made = build(unroll(variant))
    initialise(made, 0)
    return settle(made)


def test_settled_norms_have_the_statistics_of_their_inputs():
    made = network(TINY)
    assert not made.training
    assert all(m.momentum == 0.1 for m in made.modules() if isinstance(m, torch.nn.BatchNorm2d))
    assert float(made.stem.norm.running_var.std()) > 0


def test_statistics_are_the_average_of_the_batches_and_momenta_stay():
    made = build(unroll(TINY))
    batches = [torch.randn(4, 3, 32, 32, generator=torch.Generator().manual_seed(seed)) for seed in range(3)]
    settle_on(made, batches)
    with torch.no_grad():
        means = [made.stem.conv(images).mean((0, 2, 3)) for images in batches]
    torch.testing.assert_close(made.stem.norm.running_mean, torch.stack(means).mean(0))
    assert not made.training
    assert {norm.momentum for norm in made.modules() if isinstance(norm, torch.nn.BatchNorm2d)} == {0.1}
