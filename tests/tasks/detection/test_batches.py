"""Windows that keep image and boxes together, found again by inverting what was drawn."""

import dataclasses

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from pictures import COLOURS, KINDS, write_pictures

from analysis.data.boxes import Pictures, load_detection
from analysis.data.windows import draw
from analysis.tasks.detection.batches import through_window, training_batches
from analysis.tasks.detection.recipe import DetectionRecipe
from analysis.training.streams import streams

H, W = 48, 64


def inside(box, window):
    """The part of a box that a window shows; both left, top, right, bottom in pixels."""
    return np.r_[np.maximum(box[:2], window[:2]), np.minimum(box[2:], window[2:])]


def area(box):
    return max(0.0, box[2] - box[0]) * max(0.0, box[3] - box[1])


@given(seed=st.integers(0, 10**6), mirrored=st.booleans(), visible=st.sampled_from([0.1, 0.4, 0.99]))
def test_kept_boxes_return_to_where_they_were(seed, mirrored, visible):
    random = np.random.default_rng(seed)
    draws = draw(random, 1, (H, W), (H, W), crop=(H, W), scales=(0.5, 3.0), flip=True, colour=0.0)
    top, left, height, width = draws.windows[0].tolist()
    edges = np.sort(random.random((5, 2, 2)), 1).reshape(5, 4).astype(np.float32)
    seen, kept = through_window(edges, draws.windows[0], mirrored, (H, W), visible)
    pixels = edges.astype(float) * [W, H, W, H]
    shown = [inside(box, (left, top, left + width, top + height)) for box in pixels]
    for box, part, keeps in zip(pixels, shown, kept, strict=True):
        if abs(area(part) - visible * area(box)) > 1e-3 * area(box):  # not on the limit
            assert keeps == (area(part) > visible * area(box))
    back = np.stack([1 - seen[:, 2], seen[:, 1], 1 - seen[:, 0], seen[:, 3]], 1) if mirrored else seen
    back = back * [width, height, width, height] + [left, top, left, top]
    assert np.allclose(back, np.reshape([p for p, k in zip(shown, kept, strict=True) if k], (-1, 4)), atol=1e-2)


def test_no_boxes_stay_no_boxes():
    seen, kept = through_window(np.zeros((0, 4), np.float32), np.array([0, 0, H, W]), True, (H, W), 0.4)
    assert (seen.shape, kept.shape) == ((0, 4), (0,))


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    return load_detection(write_pictures(tmp_path_factory.mktemp("data")), (H, W), KINDS, "drawn")


def test_batches_have_the_boxes_around_what_they_show(data):
    """One shape a picture, so that the pixels of its colour are all its own."""
    images = np.full((8, H, W, 3), 120, np.uint8)
    boxes, labels = [], []
    for number in range(8):
        kind, top, left = number % 2, 4 * number, 5 * number
        images[number, top : top + 14, left : left + 20] = COLOURS[kind]
        boxes.append(np.array([[left / W, top / H, (left + 20) / W, (top + 14) / H]], np.float32))
        labels.append(np.array([kind]))
    shapes = dataclasses.replace(
        data, train=Pictures(images, boxes, labels), mean=(120.0, 120.0, 120.0), std=(1.0, 1.0, 1.0)
    )
    recipe = DetectionRecipe(batch=4, zoom=(0.7, 2.0), colour=0.0)
    seen = 0
    for seed in range(4):
        for pixels, found, kinds in training_batches(shapes, recipe, streams(seed), (H, W)):
            assert pixels.shape == (4, 3, H, W)
            for image, box, kind in zip(pixels, found, kinds, strict=True):
                if not len(box):
                    continue
                mask = image[0] > 50 if kind.item() == 0 else image[2] > 50  # red or blue, more than half
                rows, columns = torch.where(mask)
                edges = [columns.min() / W, rows.min() / H, (columns.max() + 1) / W, (rows.max() + 1) / H]
                assert torch.allclose(torch.stack(edges), box[0], atol=1.5 / H)
                seen += 1
    assert seen > 24


def test_a_seed_gives_each_network_the_same_batches(data):
    recipe = DetectionRecipe(batch=4)
    first, again, other = (list(training_batches(data, recipe, streams(seed), (H, W))) for seed in (0, 0, 1))
    assert len(first) == 2  # of ten images; the last two are left out
    assert all(torch.equal(a[0], b[0]) for a, b in zip(first, again, strict=True))
    assert not torch.equal(first[0][0], other[0][0])


def test_without_augmentation_the_images_are_shown_as_they_are(data):
    recipe = DetectionRecipe(batch=10, zoom=(1.0, 1.0), flip=False, colour=0.0)
    ((pixels, boxes, labels),) = training_batches(data, recipe, streams(0), (H, W))
    order = streams(0).order.permutation(10)
    whole = pixels * torch.tensor(data.std)[:, None, None] + torch.tensor(data.mean)[:, None, None]
    assert np.abs(whole.permute(0, 2, 3, 1).numpy() - data.train.images[order]).max() < 1e-2
    for place, box, label in zip(order, boxes, labels, strict=True):
        assert np.allclose(box, data.train.boxes[place], atol=1e-6)
        assert label.tolist() == data.train.labels[place].tolist()
