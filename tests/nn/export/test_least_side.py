"""A program for any resolution says from which size on it takes images, and takes them."""

import io
from functools import lru_cache

import pytest
import torch

from analysis.arch import preset, unroll
from analysis.arch.mobilenet_v1 import MobileNetV1
from analysis.arch.mobilenet_v2 import MobileNetV2
from analysis.nn import build, initialise
from analysis.nn.export import least_side, program, runs_program, verify
from analysis.nn.settle import settle
from analysis.problem import Problem

VARIANTS = {
    "no halving after the stem": preset("brief", rows=((6, 8, 1, 1),), classes=3),
    "brief": preset("brief", rows=((6, 8, 2, 2), (6, 8, 1, 2)), classes=3),
    "five halvings": MobileNetV2(0.1, 64, rows=((1, 16, 1, 1), *((6, 24, 1, 2),) * 4), last=16, classes=3),
    "mobilenet_v1": MobileNetV1(0.05, 64, rows=((64, 1), *((128, 2),) * 4, (256, 1)), classes=3),
    "oblong": MobileNetV1(0.05, (64, 96), rows=((64, 1), *((128, 2),) * 4), classes=3),
}


def network(variant):
    made = build(unroll(variant))
    initialise(made, 0)
    return settle(made).eval()


@lru_cache(maxsize=1)  # two tests in a row ask the same
def exported_of(name):
    made = network(VARIANTS[name])
    return made, program(made, any_resolution=True)


@pytest.mark.parametrize("name", ["no halving after the stem", "brief", "mobilenet_v1", "oblong", "five halvings"])
def test_images_of_the_least_side_are_taken_and_smaller_ones_are_not(name):
    made, exported = exported_of(name)
    least = least_side(exported)
    buffer = io.BytesIO()
    torch.export.save(exported, buffer)
    buffer.seek(0)
    run = runs_program(torch.export.load(buffer))
    assert f"1x3x{least}x{least}" in verify(made, run, True, least)
    for size in ((least, 3 * least + 5), (2 * least + 7, least)):
        images = torch.randn(2, 3, *size)
        torch.testing.assert_close(run(images)[0], made(images), rtol=1e-4, atol=1e-4)
    if least > 2:
        with pytest.raises(AssertionError):
            run(torch.randn(1, 3, least - 1, least))


def test_a_least_side_that_is_not_taken_is_one_line():
    made, exported = exported_of("five halvings")
    with pytest.raises(Problem, match=r"does not take 1x3x16x16 \(.*\): export one resolution"):
        verify(made, runs_program(exported), True, 16)


@pytest.mark.parametrize("value", [torch.nan, torch.inf])
def test_a_network_whose_outputs_are_not_finite_says_so(value):
    made = network(VARIANTS["brief"])
    with torch.no_grad():
        made.head.linear.bias[0] = value
    with pytest.raises(Problem, match="the network's own outputs for .* are not finite: check its weights"):
        verify(made, lambda images: (made(images),))
