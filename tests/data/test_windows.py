"""Windows that keep image and mask together, found again by inverting what was drawn."""

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from analysis.data.windows import Draws, cut_images, cut_masks, draw, recolour

H, W, VOID = 40, 60, 255
ROWS, COLUMNS = np.mgrid[:H, :W]
CHART = np.stack([ROWS * 6, COLUMNS * 4, np.zeros_like(ROWS)], -1).astype(np.uint8)  # a pixel's colour says where it is
FILL = (0.0, 0.0, 255.0)


def drawn(seed, count, stored, crop=(20, 20), scales=(0.6, 1.6), flip=True, colour=0.3):
    return draw(np.random.default_rng(seed), count, stored, (H, W), crop=crop, scales=scales, flip=flip, colour=colour)


def cut(images, masks, draws, crop):
    return cut_images(images, draws, crop, FILL), cut_masks(masks, draws, crop, VOID)


def windows(*rows, mirrored=False):
    return Draws(np.array(rows), np.full(len(rows), mirrored), np.ones((len(rows), 3)))


@given(seed=st.integers(0, 10**6), low=st.floats(0.5, 1.5), ratio=st.floats(1, 2))
def test_each_pixel_of_a_window_is_where_the_draw_says(seed, low, ratio):
    draws = drawn(seed, 4, (H, W), (20, 24), (low, low * ratio))
    for chart in (ROWS, COLUMNS):  # the mask holds one coordinate of each pixel
        images, masks = cut(np.stack([CHART] * 4), np.stack([chart] * 4), draws, (20, 24))
        for image, mask, (top, left, h, w), mirrored in zip(images, masks, draws.windows, draws.mirrored, strict=True):
            i, j = np.mgrid[:20, :24]
            j = 23 - j if mirrored else j
            row, column = top + (i + 0.5) * h / 20, left + (j + 0.5) * w / 24  # centre, in pixels of the stored image
            inside = (row >= 0) & (row < H) & (column >= 0) & (column < W)
            assert np.array_equal(mask == VOID, ~inside)
            exact = np.floor(row if chart is ROWS else column)
            assert np.array_equal(mask[inside], exact[inside])
            margin = 2 * max(h / 20, w / 24) + 1  # there the fill or the border takes part in interpolation
            well = (row > margin) & (row < H - margin) & (column > margin) & (column < W - margin)
            assert np.abs(image[0].numpy() / 6 + 0.5 - row)[well].max(initial=0) < 0.6
            assert np.abs(image[1].numpy() / 4 + 0.5 - column)[well].max(initial=0) < 0.6


def test_the_whole_image_comes_back_and_a_mirror_undoes_itself():
    images, masks = CHART[None], (ROWS % 5)[None]
    plain = cut(images, masks, windows((0, 0, H, W)), (H, W))
    assert np.array_equal(plain[0].permute(0, 2, 3, 1), images)
    assert np.array_equal(plain[1], masks)
    mirrored = cut(images, masks, windows((0, 0, H, W), mirrored=True), (H, W))
    assert torch.equal(mirrored[0].flip(3), plain[0])
    assert torch.equal(mirrored[1].flip(2), plain[1])


def test_a_window_larger_than_the_image_shows_the_fill_and_void_around_it():
    images, masks = cut(CHART[None], ROWS[None], windows((-10, -5, H + 20, W + 10)), (H + 20, W + 10))
    assert np.array_equal(images[0, :, 10:-10, 5:-5].permute(1, 2, 0), CHART)
    assert np.array_equal(masks[0, 10:-10, 5:-5], ROWS)
    outside = masks[0] == VOID
    assert int(outside.sum()) == (H + 20) * (W + 10) - H * W
    assert images[0, :, outside].unique(dim=1).squeeze(1).tolist() == list(FILL)


def test_windows_have_the_drawn_scale_and_stay_inside_where_they_can():
    draws = drawn(0, 2000, (2 * H, 2 * W), scales=(0.5, 2.0))  # stored at twice the size seen
    top, left, h, w = draws.windows.T
    scale = 40 / h
    assert (h == w).all()
    assert 0.49 < scale.min() < 0.55
    assert 1.8 < scale.max() < 2.06
    assert abs(np.median(scale) - 1) < 0.05  # log-uniform
    assert ((top >= 0) & (top + h <= 2 * H) & (left >= 0) & (left + w <= 2 * W)).all()
    assert 0.45 < draws.mirrored.mean() < 0.55


def test_colours_are_undone_by_the_inverse_factors():
    generator = np.random.default_rng(1)
    images = torch.from_numpy(generator.uniform(0, 255, (5, 3, 6, 7))).float()
    colour = generator.uniform(0.7, 1.3, (5, 3))
    b, c, s = torch.from_numpy(colour).float().T[..., None, None, None]
    back = recolour(images, colour) / b
    grey = back.mean(1, keepdim=True)
    back = grey + (back - grey) / s
    mean = back.mean((1, 2, 3), keepdim=True)
    assert torch.allclose(mean + (back - mean) / c, images, atol=1e-2)
    assert torch.allclose(recolour(images, np.ones((5, 3))), images, atol=1e-3)
    mean, std = (100.0, 120.0, 90.0), (20.0, 30.0, 40.0)
    scaled = recolour(images, colour, mean, std) * torch.tensor(std)[:, None, None] + torch.tensor(mean)[:, None, None]
    assert torch.allclose(scaled, recolour(images, colour), atol=1e-3)


@pytest.mark.parametrize("axis", ["flip", "colour"])
def test_switching_one_draw_off_changes_no_other(axis):
    a, b = drawn(3, 50, (H, W)), drawn(3, 50, (H, W), **{axis: 0 if axis == "colour" else False})
    assert np.array_equal(a.windows, b.windows)
    assert np.array_equal(a.mirrored, b.mirrored) == (axis == "colour")
    assert np.array_equal(a.colour, b.colour) == (axis == "flip")
