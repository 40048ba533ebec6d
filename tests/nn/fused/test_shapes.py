"""Shapes that tracing sees are those of the results."""

import pytest
import torch

from analysis.nn.fused.shapes import SHAPES


@pytest.mark.parametrize("storage", [torch.bfloat16, torch.float32, torch.float64])
@pytest.mark.parametrize(("size", "stride"), [((5, 4), 1), ((5, 4), 2), ((1, 7), 2)])
@pytest.mark.parametrize("name", ["pointwise", "depthwise", "expand_depthwise", "join", "pool", "dense"])
def test_a_result_is_foreseen(name, size, stride, storage):
    exact = torch.float64 if storage == torch.float64 else torch.float32
    z = torch.randn(2, 5, *size, dtype=exact).to(storage).to(memory_format=torch.channels_last)
    w, filters = torch.randn(6, 5, 1, 1, dtype=exact), torch.randn(5, 1, 3, 3, dtype=exact)
    affine = torch.ones(2, 5, dtype=exact)
    arguments = {
        "pointwise": (z, affine, 1, w),
        "depthwise": (z, None, 0, filters, stride, 1),
        "expand_depthwise": (z, w, torch.zeros(6, dtype=exact), 1, torch.randn(6, 1, 3, 3, dtype=exact), stride),
        "join": (z, affine, 1, z, 0, True),
        "pool": (z, None, 0),
        "dense": (z.to(exact), torch.randn(6, 5, 3, 3, dtype=exact), stride, storage),
    }[name]
    made, foreseen = (f(*arguments) for f in (getattr(torch.ops.mnv2, name), SHAPES[name]))
    pairs = zip(*(each if isinstance(each, tuple) else (each,) for each in (made, foreseen)), strict=True)
    for a, b in pairs:
        assert (a.shape, a.dtype, a.stride()) == (b.shape, b.dtype, b.stride())


def test_every_operator_has_a_shape_for_its_backward_pass():
    assert {name for name in SHAPES if f"{name}_backward" not in SHAPES and "backward" not in name} == {
        "update_statistics"
    }
