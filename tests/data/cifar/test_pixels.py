"""Colour planes become pixels, parts are joined in order, labels are checked."""

import numpy as np
import pytest

from analysis.data.cifar.pixels import Pixels, checked_labels, from_planes, joined
from analysis.problem import Problem


def test_planes_become_pixels() -> None:
    planes = np.arange(2 * 3072).reshape(2, 3072)
    images = from_planes(planes)
    assert (images.shape, images.flags["C_CONTIGUOUS"]) == ((2, 32, 32, 3), True)
    for image, row, column, channel in ((0, 0, 0, 0), (1, 4, 31, 1), (1, 31, 0, 2)):
        assert images[image, row, column, channel] == image * 3072 + channel * 1024 + row * 32 + column


@pytest.mark.parametrize("jpeg", [False, True])
def test_parts_are_joined_in_order(jpeg: bool) -> None:
    parts = [
        Pixels(np.full((count, 32, 32, 3), label, np.uint8), np.full(count, label), jpeg and label == 5)
        for count, label in ((2, 3), (1, 5))
    ]
    whole = joined(parts)
    assert whole.images[:, 0, 0, 0].tolist() == whole.labels.tolist() == [3, 3, 5]
    assert whole.jpeg == jpeg


def test_labels_are_checked() -> None:
    labels = checked_labels([0, 9], 10, "here")
    assert (labels.tolist(), labels.dtype) == ([0, 9], np.int64)
    for label in (-1, 10):
        with pytest.raises(Problem, match=rf"^here: label {label} of image 1 is not in 0 \.\.\. 9; use the original"):
            checked_labels([0, label], 10, "here")
