"""What travels with published weights: classes, resolution, and one line for a reader."""

from dataclasses import replace

import numpy as np
import pytest
import torch
from published_files import SMALL, trained

from analysis.nn.published.kinds import TENSORFLOW_PIXELS, Pixels, Published, tensor
from analysis.problem import Problem


def made(variant=SMALL, **more):
    return Published("keras", variant, trained(variant).state_dict(), TENSORFLOW_PIXELS, **more)


def test_classes_of_imagenet_are_counted_with_the_background():
    with_background = made(background=True)
    assert with_background.classifies and with_background.labels(np.array([0, 999])).tolist() == [1, 1000]
    plain = replace(with_background, background=False)
    assert not plain.classifies and plain.labels(np.array([0, 999])).tolist() == [0, 999]


def test_another_resolution_has_the_same_weights():
    first = made()
    other = first.at(64)
    assert other.variant.size == (64, 64) and other.plan.image == (3, 64, 64)
    image = torch.zeros(1, 3, 64, 64)
    assert torch.equal(first.network()(image), other.network()(image))
    with pytest.raises(Problem, match="resolution 50 is not a multiple"):
        first.at(50)


def test_one_line_says_what_it_is():
    said = made(background=True, left_out=("dense",)).said
    assert said == "keras weights, width 1 at 32 x 32, 1001 classes, norms apart, without dense"
    assert "no classifier" in made(replace(SMALL, features=(2,))).said
    assert Pixels.grey(1, 2) == ((1, 1, 1), (2, 2, 2))


@pytest.mark.parametrize(
    ("values", "said"),
    [
        (np.zeros((2, 3), np.float32), r"w is of shape \(2, 3\), not \(3, 2\)"),
        (np.zeros((3, 2), np.int8), "w is of int8 without a scale"),
        (np.full((3, 2), np.nan), "w has 6 of 6 values that are not finite"),
    ],
)
def test_numbers_that_cannot_be_used_are_named(values, said):
    with pytest.raises(Problem, match=said):
        tensor(values, "w", (3, 2))
    assert tensor(np.zeros((3, 2)), "w", (3, 2)).dtype == torch.float32
