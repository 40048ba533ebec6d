"""Synthetic images: the same everywhere, and only shape and texture tell the class."""

import hashlib

import numpy as np

from analysis.data.cifar.synthetic import CHUNK, CLASSES, generate


def test_images_are_pinned() -> None:
    """A change here needs a new VERSION: old results were obtained on other images."""
    pixels = generate(120, "train")
    content = pixels.images.tobytes() + pixels.labels.astype("<i8").tobytes()
    assert hashlib.sha256(content).hexdigest() == "1b8717ee340309ddf8194b5229c672458e92f1900f581a8cf47f8be712af3d99"


def test_a_larger_set_begins_with_the_smaller_one() -> None:
    small, large = generate(CHUNK - 3, "train"), generate(CHUNK + 4, "train")
    np.testing.assert_array_equal(small.images, large.images[: CHUNK - 3])
    np.testing.assert_array_equal(small.labels, large.labels[: CHUNK - 3])
    assert large.images.shape == (CHUNK + 4, 32, 32, 3) and large.images.dtype == np.uint8


def test_splits_and_images_differ() -> None:
    images = np.concatenate([generate(150, split).images for split in ("train", "test")]).reshape(300, -1)
    assert len(np.unique(images, axis=0)) == 300


def test_colour_does_not_tell_the_class() -> None:
    """Guessing by the nearest mean colour, or the nearest mean image, is little better than chance."""
    train, test = generate(4000, "train"), generate(1000, "test")
    assert set(train.labels) == set(range(len(CLASSES)))
    for reduce in (lambda images: images.mean((1, 2)), lambda images: images.reshape(len(images), -1)):
        known, asked = (reduce(pixels.images.astype(np.float32)) for pixels in (train, test))
        means = np.stack([known[train.labels == label].mean(0) for label in range(len(CLASSES))])
        guesses = np.array([((means - each) ** 2).sum(1).argmin() for each in asked])
        assert (guesses == test.labels).mean() < 0.2


def test_classes_differ_in_what_they_show() -> None:
    """The middle of a ring is the plain background more often than that of a disc, which is textured."""
    pixels = generate(4000, "train")
    middle = pixels.images[:, 12:20, 12:20].astype(float)
    variation = middle.std((1, 2)).mean(1)
    ring, disc = (variation[pixels.labels // 2 == shape].mean() for shape in (3, 0))
    assert disc > ring * 1.1
