"""A network's rows follow from its tensors."""

import pytest
import torch

from analysis.arch import preset, unroll
from analysis.manifold.trained.measure import measured
from analysis.nn import build, initialise
from analysis.nn.settle import settle_on


@pytest.fixture(scope="module")
def network():
    made = build(unroll(preset("brief", rows=((6, 8, 2, 1), (6, 16, 1, 2)), projection="relu6")))
    initialise(made, 0)
    return made


def images(count=6):
    return torch.randn(count, 3, 32, 32, generator=torch.Generator().manual_seed(0))


def test_rows_of_a_network_follow_from_its_tensors(network):
    settle_on(network, [images()])
    with torch.no_grad():  # planted: three projections that never pass their ReLU6
        network.get_submodule("bottleneck2.project.norm").bias[:3] = -1000
    positive, dimensions, recovery = measured(network, [images()[:4], images()[4:]], ("arm", 1, "trained"))
    assert [row.block for row in positive] == ["bottleneck1", "bottleneck2", "bottleneck3"]
    assert [row.shortcut for row in positive] == [False, True, False]
    with torch.inference_mode():
        made = network.intermediates(images(), ["bottleneck2.expand.activation", "bottleneck2.project.activation"])
    expanded = made["bottleneck2.expand.activation"]
    found = (expanded > 0).sum(1).double()
    linear = ((expanded > 0) & (expanded < 6)).sum(1)
    row = positive[1]
    assert (row.inputs, row.channels, row.pixels) == (8, 48, 6 * 16 * 16)
    assert (row.least, row.most) == (found.min(), found.max())
    assert row.mean == pytest.approx(found.mean().item())
    assert row.sd == pytest.approx(found.std(correction=0).item())
    assert row.below_linear == pytest.approx((linear < 8).double().mean().item())

    of = {(row.block, row.tensor): row for row in dimensions}
    assert of["bottleneck2", "expand.norm"].rank <= 8  # linear in eight channels
    assert of["bottleneck2", "expand.activation"].rank > 8
    dead, before = of["bottleneck2", "project.activation"], of["bottleneck2", "project.norm"]
    assert (dead.dead, dead.rank, before.rank) == (3, 5, 8)
    assert all(row.nonlinear <= 1 and row.linear <= 1 for row in recovery)


def test_batching_the_images_changes_no_statistics(network):
    settle_on(network, [images()])
    whole, parts = (measured(network, list(images().split(size)), ("arm", 1, "trained"))[0] for size in (6, 2))
    for a, b in zip(whole, parts, strict=True):
        assert a._replace(mean=0, sd=0) == b._replace(mean=0, sd=0)
        assert (a.mean, a.sd) == (pytest.approx(b.mean), pytest.approx(b.sd))
