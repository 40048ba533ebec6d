"""What of the test split cannot be read or scored is found before a training: a label, an image, the pixels of it."""

import numpy as np
import pytest
from pictures import KINDS, annotation, write_pictures
from PIL import Image
from scenes import CLASSES, write_scenes

from analysis.data.boxes import load_detection
from analysis.data.finished import Finished
from analysis.data.masks import load_segmentation
from analysis.problem import Problem


def load_boxes(folder):
    return load_detection(folder, (24, 32), KINDS, "drawn")


def load_masks(folder):
    return load_segmentation(folder, (12, 16), CLASSES)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (annotation([("bra", 1, 1, 9, 9)]), "of class 'bra'"),
        (annotation([("bar", 0.1, 0.1, 0.9, 0.9)]), "as fractions are"),
        (annotation([("bar", 1, 1, 9, 9)], (64, 48)), "is of an image of 48 x 64"),
        ("<annotation>", "is truncated or not XML"),
    ],
)
def test_the_last_annotation_is_looked_at(tmp_path, text, words):
    folder = write_pictures(tmp_path / "data", train=3, val=1, test=3)
    (folder / "Annotations" / "006.xml").write_text(text)
    with pytest.raises(Problem, match=rf"006\.xml .*{words}"):
        load_boxes(folder)


@pytest.mark.parametrize(
    ("mask", "words"),
    [
        (np.full((24, 32), 9, np.uint8), "has the value 9"),
        (np.zeros((32, 24), np.uint8), "is 24 x 32, its image 32 x 24"),
        (np.zeros((24, 32, 3), np.uint8), "holds RGB colours"),
    ],
)
def test_the_last_mask_is_looked_at(tmp_path, mask, words):
    folder = write_scenes(tmp_path / "data", train=3, val=1, test=3)
    Image.fromarray(mask).save(folder / "testannot" / "006.png")
    with pytest.raises(Problem, match=rf"006\.png {words}"):
        load_masks(folder)


def cut(path):
    path.write_bytes(path.read_bytes()[:-60])


def grey(path):
    Image.fromarray(np.arange(48 * 64, dtype=np.float32).reshape(48, 64)).save(path, format="TIFF")


HARM = {
    "cut": (cut, "is truncated"),
    "not an image": (lambda path: path.write_text("hello"), "is not an image of the kinds JPEG, PNG"),
    "a page": (lambda path: path.write_text("<html>404</html>"), "is an HTML page"),
    "floating point": (grey, "has pixels of mode F"),
}


@pytest.mark.parametrize("split", ["val", "test"])
@pytest.mark.parametrize("what", HARM)
def test_the_last_image_is_looked_at(tmp_path, split, what):
    harm, words = HARM[what]
    boxes = write_pictures(tmp_path / "boxes", train=3, val=2, test=2)
    scenes = write_scenes(tmp_path / "masks", train=3, val=2, test=2)
    stem = {"val": "004", "test": "006"}[split]
    for path, load in ((boxes / "JPEGImages", load_boxes), (scenes / split, load_masks)):
        harm(path / f"{stem}.png")
        with pytest.raises(Problem, match=rf"{stem}\.png {words}"):
            load(path.parent)


def test_levels_of_the_test_images_are_kept(tmp_path):
    """A test image that is brighter than all others is not cut at their white."""
    folder = write_pictures(tmp_path / "data", train=2, val=1, test=1)
    for path in (folder / "JPEGImages").iterdir():
        drawn = np.asarray(Image.open(path).convert("L")).astype(np.uint16)
        Image.fromarray(drawn * (250 if path.stem == "003" else 3)).save(path)
    data = load_detection(folder, (48, 64), KINDS, "drawn")
    assert data.train.images.max() <= 3
    stored = np.asarray(Image.open(folder / "JPEGImages" / "003.png"))
    assert np.array_equal(data.test(Finished(1, 1)).images[0][..., 0], stored >> 8)
