"""What is left to a reader is applied once, in order, as torch applies it."""

import pytest
import torch

from analysis.nn.fused.values import HARD_SWISH, LINEAR, RELU, RELU6, Value, activated, added

FUNCTIONS = {
    LINEAR: lambda x: x,
    RELU: torch.relu,
    RELU6: torch.nn.functional.relu6,
    HARD_SWISH: torch.nn.functional.hardswish,
}


def map_(seed):
    return torch.randn(2, 3, 4, 4, generator=torch.Generator().manual_seed(seed), dtype=torch.float64).to(
        memory_format=torch.channels_last
    )


AFFINE = torch.tensor([[2.0, -1.0, 0.5], [0.1, 0.2, -0.3]], dtype=torch.float64)


def scaled(x):
    return x * AFFINE[0].view(1, 3, 1, 1) + AFFINE[1].view(1, 3, 1, 1)


@pytest.mark.parametrize("function", FUNCTIONS)
def test_an_activation_is_left_to_the_reader(function):
    value = activated(Value(map_(0), AFFINE), function)
    assert value.lazy()[2] == function
    torch.testing.assert_close(value.stored, FUNCTIONS[function](scaled(map_(0))))


def test_a_second_activation_needs_the_first_to_be_stored():
    value = activated(activated(Value(map_(0), AFFINE), HARD_SWISH), RELU)
    torch.testing.assert_close(value.stored, torch.relu(FUNCTIONS[HARD_SWISH](scaled(map_(0)))))


@pytest.mark.parametrize("first_is_raw", [True, False])
def test_a_sum_keeps_what_is_left_of_one_operand(first_is_raw):
    raw, left = Value(map_(1)), Value(map_(0), AFFINE, RELU6)
    total = added(*((raw, left) if first_is_raw else (left, raw)))
    assert total.affine is AFFINE
    torch.testing.assert_close(total.stored, FUNCTIONS[RELU6](scaled(map_(0))) + map_(1))
    after = activated(added(left, raw), RELU)
    torch.testing.assert_close(after.stored, torch.relu(total.stored))
    again = added(after, left)  # what has a shortcut is stored first
    torch.testing.assert_close(again.stored, after.stored + left.stored)


def test_moments_are_the_sums_of_what_is_stored():
    for value in (Value(map_(0)), Value(map_(0), AFFINE, RELU)):
        stored, moments = value.with_moments()
        rows = stored.permute(0, 2, 3, 1).flatten(0, 2)
        torch.testing.assert_close(moments, torch.cat([rows.sum(0)[None], rows.t() @ rows]))
        assert value.with_moments()[1] is moments
