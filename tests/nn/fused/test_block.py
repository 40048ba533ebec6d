"""Norms from sums and from moments against torch: values, gradients, running statistics."""

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

EPS = 1e-5


def random(*shape, seed):
    """Normal values in float64."""
    values = torch.randn(shape, generator=torch.Generator().manual_seed(seed), dtype=torch.float64)
    return values.requires_grad_()


@settings(max_examples=25, deadline=None, derandomize=True)
@given(st.integers(2, 40), st.integers(1, 20), st.integers(1, 40))
def test_scale_and_shift_and_their_gradients(count, channels, expanded):
    inputs = [
        random(count, channels, seed=0),
        random(expanded, channels, 1, 1, seed=1),
        random(expanded, seed=2),
        random(expanded, seed=3),
    ]

    def reference(x, w, gamma, beta):
        z = x @ w.flatten(1).t()
        scale = gamma / (z.var(0, unbiased=False) + EPS).sqrt()
        return w * scale.view(-1, 1, 1, 1), beta - z.mean(0) * scale

    def from_moments(x, w, gamma, beta):
        moments = torch.cat([x.sum(0)[None], x.t() @ x])
        return torch.ops.mnv2.norm_expansion(moments, w, gamma, beta, count, EPS)[:2]

    def from_sums(x, w, gamma, beta):
        z = x @ w.flatten(1).t()
        affine, _ = torch.ops.mnv2.norm(torch.stack([z.sum(0), (z * z).sum(0)]), gamma, beta, count, EPS)
        return w * affine[0].view(-1, 1, 1, 1), affine[1]

    def results(function):
        values = function(*inputs)
        return [*values, *torch.autograd.grad(sum(v.square().sum() for v in values), inputs)]

    wanted = results(reference)
    for function in (from_moments, from_sums):
        for a, b in zip(results(function), wanted, strict=True):
            assert (a - b).norm() <= 1e-6 * (b.norm() + 1e-3)  # two channels may be nearly equal: 1 / EPS


@pytest.mark.parametrize("momentum", [0.1, None])
def test_running_statistics(momentum):
    from analysis.nn.fused.block import _track

    ours, theirs = (torch.nn.BatchNorm2d(3, momentum=momentum).double() for _ in range(2))
    for seed in range(3):
        x = random(5, 3, 2, 2, seed=seed).detach()
        theirs(x)
        rows = x.transpose(0, 1).flatten(1)
        _track(ours, torch.stack([rows.mean(1), rows.var(1, unbiased=False)]), rows.shape[1])
    for a, b in zip(ours.buffers(), theirs.buffers(), strict=True):
        torch.testing.assert_close(a, b)
