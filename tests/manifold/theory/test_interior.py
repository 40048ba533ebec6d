"""Interior points of an image, by hand."""

import pytest

from analysis.manifold.theory.interior import image_is_interior


@pytest.mark.parametrize(
    ("matrix", "x", "interior"),
    [
        ([[1, 0], [0, 1]], [1, 2], True),
        ([[1, 0], [0, 1]], [1, 0], False),
        ([[1, 1], [2, 2]], [1, 1], False),  # rank 1: the image is a ray in the plane
        ([[1], [2]], [1], False),  # m > n
    ],
)
def test_interior_images(matrix, x, interior):
    assert image_is_interior(matrix, x) is interior
