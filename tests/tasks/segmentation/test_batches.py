"""Windows of images and their masks stay together, the same for each network of a seed."""

import dataclasses

import numpy as np
import pytest
import torch
from scenes import CLASSES, write_scenes

from analysis.data.masks import load_segmentation
from analysis.tasks.segmentation.batches import training_batches
from analysis.tasks.segmentation.recipe import SegmentationRecipe
from analysis.training.streams import streams

SIZE = (24, 32)
CROP = (16, 20)
RECIPE = SegmentationRecipe(batch=4, crop=CROP)


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    return load_segmentation(write_scenes(tmp_path_factory.mktemp("data")), SIZE, CLASSES)


def test_an_epoch_shows_whole_batches_of_windows(data):
    found = list(training_batches(data, RECIPE, streams(0), SIZE))
    assert len(found) == 2  # of ten images; the last two are left out
    for images, masks in found:
        assert (images.shape, images.dtype) == ((4, 3, *CROP), torch.float32)
        assert (masks.shape, masks.dtype) == ((4, *CROP), torch.int64)


def test_a_seed_gives_each_network_the_same_batches(data):
    first, again, other = (list(training_batches(data, RECIPE, streams(seed), SIZE)) for seed in (0, 0, 1))
    for a, b in zip(first, again, strict=True):
        assert torch.equal(a[0], b[0]) and torch.equal(a[1], b[1])
    assert not torch.equal(first[0][0], other[0][0])


def test_masks_move_with_their_images(data):
    """Images of one shade a class: the mask of a window is what its pixels show, but for edges, which are mixed."""
    shades = np.array([0, 100, 200, 255], np.uint8)
    plain = np.repeat(shades[data.train_masks][..., None], 3, -1)
    drawn = dataclasses.replace(data, train_images=plain, mean=(255.0,) * 3, std=(1.0,) * 3)
    recipe = dataclasses.replace(RECIPE, colour=0.0, scales=(0.7, 2.0))
    shown = 0
    for seed in range(4):
        for images, masks in training_batches(drawn, recipe, streams(seed), SIZE):
            value = images[:, 0] + 255
            pure = (value[..., None] - torch.tensor(shades).float()).abs().min(-1)
            inside = pure.values < 0.5
            assert ((pure.indices == masks) | ~inside).float().mean() > 0.97
            assert inside.float().mean() > 0.7
            shown += len(masks)
    assert shown == 32


def test_without_augmentation_the_images_are_shown_as_they_are(data):
    recipe = SegmentationRecipe(batch=10, crop=SIZE, scales=(1.0, 1.0), flip=False, colour=0.0)
    ((pixels, masks),) = training_batches(data, recipe, streams(0), SIZE)
    order = streams(0).order.permutation(10)
    whole = pixels * torch.tensor(data.std)[:, None, None] + torch.tensor(data.mean)[:, None, None]
    assert np.abs(whole.permute(0, 2, 3, 1).numpy() - data.train_images[order]).max() < 1e-2
    assert np.array_equal(masks.numpy(), data.train_masks[order])
