"""A drawn data set of images and masks: shapes on a ground, in three classes and void, each scene with its files."""

import numpy as np
from PIL import Image

CLASSES = ("ground", "disc", "bar")
COLOURS = np.array([(60, 120, 60), (200, 60, 60), (60, 60, 220), (0, 0, 0)])


def scene(number, size=(24, 32)):
    """An image, uint8 (H, W, 3), of a disc and a bar with noise, and its mask. Its upper edge is 3, void."""
    random = np.random.default_rng(number)
    rows, columns = np.mgrid[: size[0], : size[1]]
    mask = np.zeros(size, np.uint8)
    middle = random.uniform(0.3, 0.7, 2) * size
    mask[(rows - middle[0]) ** 2 + (columns - middle[1]) ** 2 < (size[0] / 3) ** 2] = 1
    side = size[0] // 3
    left = int(random.integers(0, size[1] - side))
    mask[-side:, left : left + side] = 2
    mask[0] = 3
    image = COLOURS[mask] + random.normal(0, 12, (*size, 3))
    return image.clip(0, 255).astype(np.uint8), mask


def write_scenes(folder, train=10, val=2, test=2, size=(24, 32)):
    """The folder with PNG files of drawn scenes in train, trainannot, val, ..., with the lowest numbers in train."""
    number = 0
    for split, count in (("train", train), ("val", val), ("test", test)):
        (folder / split).mkdir(parents=True)
        (folder / f"{split}annot").mkdir()
        for _ in range(count):
            image, mask = scene(number, size)
            Image.fromarray(image).save(folder / split / f"{number:03}.png")
            Image.fromarray(mask).save(folder / f"{split}annot" / f"{number:03}.png")
            number += 1
    return folder
