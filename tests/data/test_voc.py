"""Lists and annotations in the PASCAL VOC layout: read, corrected or refused by the stated rule."""

import numpy as np
import pytest
from pictures import KINDS, annotation, picture, write_pictures

from analysis.data.voc import Files, listed, read_objects
from analysis.problem import Problem

SIZE = (48, 64)


@pytest.fixture
def path(tmp_path):
    """Of an annotation that a test writes."""
    return tmp_path / "001.xml"


@pytest.fixture
def folder(tmp_path):
    return write_pictures(tmp_path / "data", train=3)


def test_objects_come_as_they_were_drawn(folder):
    for number, (_, file) in enumerate(listed(folder, "train")):
        _, kinds, boxes = picture(number)
        objects = read_objects(file, SIZE, KINDS)
        assert np.allclose(objects.boxes * [64, 48, 64, 48], boxes, atol=1e-4)
        assert (objects.labels.tolist(), objects.corrected) == (kinds, ())


def test_an_image_without_objects_has_no_boxes(path):
    path.write_text(annotation([]))
    boxes, labels, corrected = read_objects(path, SIZE, KINDS)
    assert (boxes.shape, labels.shape, corrected) == ((0, 4), (0,), ())


CORRECTED = {
    "reaches out": ([("bar", -5, 10, 20, 60)], [(0, 10 / 48, 20 / 64, 1)], "bar at -5 10 20 60 is clipped"),
    "no area": ([("bar", 9, 9, 9, 20), ("bar", 0, 0, 32, 24)], [(0, 0, 0.5, 0.5)], "9 9 9 20 has no area"),
    "right to left": ([("square", 32, 12, 16, 24)], [(0.25, 0.25, 0.5, 0.5)], "32 12 16 24 has its corners in another"),
    "from below": ([("bar", 16, 24, 32, 12)], [(0.25, 0.25, 0.5, 0.5)], "bar at 16 24 32 12 has its corners in"),
    "from the last corner": ([("bar", 32, 24, 16, 12)], [(0.25, 0.25, 0.5, 0.5)], "bar at 32 24 16 12 has its corners"),
    "outside": ([("square", 70, 9, 90, 20)], [], "square at 70 9 90 20 has no area"),
}


@pytest.mark.parametrize("damage", CORRECTED)
def test_what_is_corrected_is_named_with_its_file(path, damage):
    objects, boxes, words = CORRECTED[damage]
    path.write_text(annotation(objects))
    found = read_objects(path, SIZE, KINDS)
    assert np.allclose(found.boxes, np.reshape(boxes, (-1, 4)))
    assert len(found.labels) == len(boxes)
    (line,) = found.corrected
    assert line.startswith("001.xml: ")
    assert words in line


@pytest.mark.parametrize("text", ["<annotation></annotation>", annotation([], (0, 0))])
def test_a_size_that_is_not_stated_is_the_images(path, text):
    path.write_text(text)
    (line,) = read_objects(path, SIZE, KINDS).corrected
    assert "taken from the image, 64 x 48" in line


BAR = ("bar", 1, 1, 9, 9)
REFUSED = {
    "unknown class": (annotation([("bra", 1, 1, 9, 9)]), "class 'bra'; known are square, bar"),
    "no name": (annotation([BAR]).replace("<name>bar</name>", ""), "class ''"),
    "no number": (annotation([("bar", 1, "one", 9, 9)]), "'one' as bndbox/ymin"),
    "not finite": (annotation([("bar", 1, "nan", 9, 9)]), "'nan' as bndbox/ymin"),
    "no edge": (annotation([BAR]).replace("<xmax>9</xmax>", ""), "None as bndbox/xmax"),
    "another size": (annotation([BAR], (64, 48)), "of an image of 48 x 64, its image has 64 x 48"),
    "cut": (annotation([BAR])[:-20], "is truncated or not XML"),
    "text": ("hello", "is truncated or not XML"),
    "empty": ("", "is truncated or not XML"),
    "a document type": ('<!DOCTYPE a [<!ENTITY b "c">]>' + annotation([BAR]), "declares a document type"),
    "too large": (annotation([BAR]) + " " * (4 << 20), "larger than 4 MiB"),
}


@pytest.mark.parametrize("damage", REFUSED)
def test_what_is_refused_is_named_with_its_file(path, damage):
    text, words = REFUSED[damage]
    path.write_text(text)
    with pytest.raises(Problem) as raised:
        read_objects(path, SIZE, KINDS)
    message = str(raised.value)
    assert words in message
    assert "001.xml" in message
    assert "\n" not in message


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (None, "val.txt does not exist"),
        ("\n", "val.txt names no image"),
        ("003\n003\n", "names 003 more than once"),
        ("../003\n", "not a plain file name"),
        ("099\n", "val.txt names 099, but .*099.jpg does not exist; restore it or remove the line"),
    ],
)
def test_a_list_of_images_that_is_wrong_is_named(folder, text, words):
    place = folder / "ImageSets" / "Main" / "val.txt"
    place.unlink()
    if text is not None:
        place.write_text(text)
    with pytest.raises(Problem, match=words):
        listed(folder, "val")


def test_a_list_keeps_its_order_and_takes_the_first_word_of_a_line(folder):
    (folder / "ImageSets" / "Main" / "val.txt").write_text("002  1\n\n000 -1\n")
    images = [folder / "JPEGImages" / f"{stem}.png" for stem in ("002", "000")]
    assert listed(folder, "val") == [Files(i, folder / "Annotations" / f"{i.stem}.xml") for i in images]
