"""What surrounds the operators: memory that ends with a map, and threads."""

import pytest
import torch
from maps import STORAGE, maps, on_and_off_tiles, weights
from protected import before_a_protected_page


@pytest.mark.parametrize("storage", STORAGE)
@pytest.mark.parametrize("channels", [1, 8, 15, 20, 33])
def test_nothing_is_read_beyond_a_map(channels, storage):
    z, y, shortcut = (maps((2, channels, 5, 3), storage, seed) for seed in range(3))
    affine, w, filters = (weights(s, storage) for s in ((2, channels), (channels, channels, 1, 1), (channels, 1, 3, 3)))
    sums, moments = weights((2, channels), torch.float64), weights((1 + channels, channels), torch.float64)

    def results(place):
        a, b, c, ops = place(z), place(y), place(shortcut), torch.ops.mnv2
        yield from ops.pointwise(a, affine, 3, w)
        yield from ops.pointwise_backward(a, affine, 3, w, b, c, sums, True)
        yield from ops.expand_depthwise(a, w, affine[0], 2, filters, 1)
        yield from ops.expand_depthwise_backward(a, w, affine[0], 2, filters, 1, b, c, sums)
        yield from ops.join(a, affine, 3, c, 1, True)
        yield from ops.join_backward(a, affine, 3, c, 1, b, b, moments)

    for _ in on_and_off_tiles():
        for inside, at_the_end in zip(results(lambda x: x), results(before_a_protected_page), strict=True):
            assert torch.equal(inside, at_the_end)


@pytest.mark.parametrize("name", ["pointwise", "expand_depthwise", "join"])
@pytest.mark.parametrize("storage", STORAGE)
def test_two_threads_sum_the_same_bits_each_time(name, storage):
    z, affine, w = maps((7, 20, 9, 11), storage), weights((2, 20), storage), weights((40, 20, 1, 1), storage, 2)
    arguments = {
        "pointwise": (z, affine, 3, w),
        "expand_depthwise": (z, w, weights((40,), storage), 2, weights((40, 1, 3, 3), storage, 3), 1),
        "join": (z, affine, 2, maps(z.shape, storage, 4), 0, True),
    }[name]
    operator = getattr(torch.ops.mnv2, name)
    for _ in on_and_off_tiles():
        alone = operator(*arguments)
        torch.set_num_threads(2)
        first, second = operator(*arguments), operator(*arguments)
        torch.set_num_threads(1)
        for a, b, c in zip(alone, first, second, strict=True):
            assert torch.equal(b, c)
            torch.testing.assert_close(a, b, rtol=1e-5, atol=1e-3)
