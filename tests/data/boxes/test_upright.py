"""Boxes and masks lie on the pixels that the person who drew them saw, whatever the camera stored."""

import numpy as np
import pytest
from pictures import KINDS, picture, write_pictures
from PIL import Image
from scenes import CLASSES, scene, write_scenes

from analysis.data.boxes import load_detection
from analysis.data.finished import Finished
from analysis.data.images import TURNS
from analysis.data.masks import load_segmentation
from analysis.problem import Problem

BACK = {2: 2, 3: 3, 4: 4, 5: 5, 6: 8, 7: 7, 8: 6}  # which turn undoes which


def turn(path, number):
    """Store an image as a camera held in another way does: turned, with the EXIF orientation that says so."""
    exif = Image.Exif()
    exif[0x0112] = number
    with Image.open(path) as image:
        image.load()
    image.transpose(TURNS[BACK[number]]).save(path, exif=exif)


@pytest.mark.parametrize("number", BACK)
def test_boxes_of_an_oblong_picture_stay_on_it(tmp_path, number):
    folder = write_pictures(tmp_path / "data", train=2, val=1, test=1)
    for path in (folder / "JPEGImages").iterdir():
        turn(path, number)
    data = load_detection(folder, (48, 64), KINDS, "drawn")
    drawn = picture(0)
    assert np.array_equal(data.train.images[0], drawn[0])
    assert np.allclose(data.train.boxes[0] * [64, 48, 64, 48], drawn[2], atol=1e-4)
    assert data.remark == ""
    assert np.array_equal(data.test(Finished(1, 1)).images[0], picture(3)[0])


@pytest.mark.parametrize("number", [5, 6, 7, 8])
def test_annotations_of_the_picture_as_stored_are_refused_by_name(tmp_path, number):
    folder = write_pictures(tmp_path / "data", train=2, val=1, test=1)
    exif = Image.Exif()
    exif[0x0112] = number
    Image.fromarray(picture(0)[0]).save(folder / "JPEGImages" / "000.png", exif=exif)
    with pytest.raises(
        Problem, match=rf"000\.xml is of .* 64 x 48.* 48 x 64 \(turned by its EXIF orientation {number}"
    ):
        load_detection(folder, (48, 64), KINDS, "drawn")


@pytest.mark.parametrize("number", BACK)
def test_masks_stay_on_their_picture(tmp_path, number):
    folder = write_scenes(tmp_path / "data", train=2, val=1, test=1)
    turn(folder / "train" / "000.png", number)
    data = load_segmentation(folder, (24, 32), CLASSES)
    assert np.array_equal(data.train_images[0], scene(0)[0])
    assert np.array_equal(data.train_masks[0], scene(0)[1])


@pytest.mark.parametrize("number", [5, 6, 7, 8])
def test_a_mask_of_the_picture_as_stored_is_refused_by_name(tmp_path, number):
    folder = write_scenes(tmp_path / "data", train=2, val=1, test=1)
    exif = Image.Exif()
    exif[0x0112] = number
    Image.fromarray(scene(0)[0]).save(folder / "train" / "000.png", exif=exif)
    with pytest.raises(Problem, match=rf"is 32 x 24, its image 24 x 32 \(turned by its EXIF orientation {number}\)"):
        load_segmentation(folder, (24, 32), CLASSES)


@pytest.mark.parametrize(("factor", "shift"), [(257, 8), (16, 4)])
def test_microscope_images_keep_their_levels_in_boxes_and_masks(tmp_path, factor, shift):
    """The darkest picture keeps its place among the others: the bits are those of all pictures together."""
    pictures = write_pictures(tmp_path / "boxes", train=2, val=1, test=1)
    scenes = write_scenes(tmp_path / "masks", train=2, val=1, test=1)
    grey = {}
    for path in (
        *(pictures / "JPEGImages").iterdir(),
        *(s for x in ("train", "val", "test") for s in (scenes / x).iterdir()),
    ):
        stored = np.asarray(Image.open(path).convert("L")).astype(np.uint16) * factor
        stored = stored // 20 if path.stem == "000" else stored
        grey[path.parent.name, path.stem] = stored >> shift
        Image.fromarray(stored).save(path)
    boxes = load_detection(pictures, (48, 64), KINDS, "drawn")
    masks = load_segmentation(scenes, (24, 32), CLASSES)
    for found, parent in ((boxes.train.images, "JPEGImages"), (masks.train_images, "train")):
        assert np.array_equal(found[0][..., 2], grey[parent, "000"])
        assert np.array_equal(found[1][..., 0], grey[parent, "001"])
    assert np.array_equal(boxes.test(Finished(1, 1)).images[0][..., 0], grey["JPEGImages", "003"])
    assert masks.train_images[0].max() < 20
