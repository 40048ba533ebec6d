"""Dimension, recovery and counts say what was planted, and a network's rows follow from its tensors."""

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from analysis.arch import preset, unroll
from analysis.manifold.trained.counts import histogram, share_below, spread
from analysis.manifold.trained.dimension import components_for, participation_ratio, rank, spectrum, two_nn
from analysis.manifold.trained.measure import measured
from analysis.manifold.trained.recovery import recovered
from analysis.manifold.trained.rows import Positive, from_csv, to_csv
from analysis.nn import build, initialise
from analysis.nn.settle import settle_on
from analysis.problem import Problem


def rng(seed=0):
    return np.random.default_rng(seed)


@pytest.mark.parametrize("dimension", [1, 2, 5])
def test_twonn_finds_a_planted_dimension(dimension):
    flat = rng().random((1500, dimension))
    bent = np.hstack([flat, np.sin(3 * flat), flat**2])  # a smooth graph has the dimension of its base
    assert two_nn(flat) == pytest.approx(dimension, rel=0.12)
    assert two_nn(bent) == pytest.approx(dimension, rel=0.2)


@given(st.integers(0, 1000), st.floats(0.01, 100))
def test_dimensions_do_not_change_under_rotation_shift_and_scale(seed, scale):
    points = rng(seed).standard_normal((60, 4)) * [4, 2, 1, 0.5]
    rotation = np.linalg.qr(rng(seed + 1).standard_normal((4, 4)))[0]
    moved = scale * points @ rotation + 3
    assert two_nn(moved) == pytest.approx(two_nn(points), rel=1e-6)
    before, after = (spectrum(np.cov(x.T)) for x in (points, moved))
    assert participation_ratio(after) == pytest.approx(participation_ratio(before), rel=1e-6)
    assert components_for(after) == components_for(before)


def test_equal_points_count_once_and_too_few_have_no_dimension():
    points = rng().random((300, 2))
    assert two_nn(np.vstack([points, points])) == two_nn(points)
    assert np.isnan(two_nn(np.ones((100, 3))))
    with pytest.raises(Problem, match="finite"):
        two_nn(np.full((30, 2), np.nan))


def test_linear_dimensions_of_planted_variances():
    equal = np.array([2.0, 2, 2, 0, 0])
    assert (participation_ratio(equal), components_for(equal), rank(equal)) == (pytest.approx(3), 3, 3)
    assert components_for(np.array([95.0, 5])) == 1
    assert components_for(np.array([94.0, 6])) == 2
    none = np.zeros(4)
    assert (participation_ratio(none), components_for(none), rank(none)) == (0, 0, 0)
    mixed = rng().standard_normal((500, 3)) @ rng(1).standard_normal((3, 20))
    assert rank(spectrum(np.cov(mixed.T))) == 3


def test_a_linear_map_is_recovered_and_a_bent_one_by_random_features_alone():
    x = rng().standard_normal((2000, 3))
    mixed = x @ rng(1).standard_normal((3, 12)) + 1
    assert recovered((mixed[:1000], x[:1000]), (mixed[1000:], x[1000:])) > 0.999
    bent = x[:, :1] ** 2
    linear, nonlinear = (recovered((x[:1000], bent[:1000]), (x[1000:], bent[1000:]), n) for n in (0, 256))
    assert linear < 0.1
    assert nonlinear > 0.95


def test_noise_recovers_nothing_from_noise():
    noise, x = rng().standard_normal((2000, 12)), rng(1).standard_normal((2000, 3))
    assert abs(recovered((noise[:1000], x[:1000]), (noise[1000:], x[1000:]))) < 0.05


def test_positive_channels_counted_by_hand():
    chosen = np.array([[1, 1, 0], [1, 0, 0], [0, 0, 0], [1, 1, 1]], bool)
    counts = histogram(chosen)
    assert counts.tolist() == [1, 1, 1, 1]
    at = spread(counts)
    assert (at.least, at.low, at.mean, at.most) == (0, 0, 1.5, 3)
    assert at.sd == pytest.approx(np.std([2, 1, 0, 3]))
    assert share_below(counts, 2) == 0.5
    rare = np.array([1, 0, 0, 1999])  # a share of 0.0005 lies below the 0.1 % quantile
    assert (spread(rare).least, spread(rare).low) == (0, 3)


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


def test_rows_come_back_from_csv(tmp_path):
    rows = [Positive("relu6, x", 1, "initial", "b", False, 8, 48, 10, 1, 2, 3.25, 4, 0.5, 0.0, 1.0)]
    (tmp_path / "p.csv").write_text(to_csv(Positive, rows))
    assert from_csv(Positive, tmp_path / "p.csv") == rows
    (tmp_path / "p.csv").write_text("a,b\n1,2\n")
    with pytest.raises(Problem, match="other columns"):
        from_csv(Positive, tmp_path / "p.csv")
    with pytest.raises(Problem, match="no "):
        from_csv(Positive, tmp_path / "none.csv")
