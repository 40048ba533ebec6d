"""Folders in the PASCAL VOC layout: read, corrected or refused by the stated rule, the test split closed."""

import numpy as np
import pytest
from pictures import KINDS, annotation, picture, write_pictures
from PIL import Image

from analysis.data.boxes import load_detection
from analysis.data.finished import Finished
from analysis.problem import Problem

SIZE = (24, 32)


def load(folder, size=SIZE):
    return load_detection(folder, size, KINDS, "drawn")


@pytest.fixture
def folder(tmp_path):
    return write_pictures(tmp_path / "data", train=3)


def test_images_and_boxes_come_as_they_were_drawn(folder):
    data = load(folder, (48, 64))
    for number in range(3):
        image, kinds, boxes = picture(number)
        assert np.array_equal(data.train.images[number], image)
        assert np.allclose(data.train.boxes[number] * [64, 48, 64, 48], boxes, atol=1e-4)
        assert data.train.labels[number].tolist() == kinds
    assert (data.train.corrected, data.note, data.classes) == ((), "", KINDS)
    flat = data.train.images.reshape(-1, 3).astype(float)
    assert np.allclose(data.mean, flat.mean(0))
    assert np.allclose(data.std, flat.std(0))


def test_boxes_are_fractions_whatever_the_working_size(folder):
    small, large = load(folder), load(folder, (48, 64))
    assert small.train.images.shape == (3, *SIZE, 3)
    assert all(np.array_equal(a, b) for a, b in zip(small.train.boxes, large.train.boxes, strict=True))
    blocks = picture(0)[0].reshape(24, 2, 32, 2, 3).astype(float).mean((1, 3))
    assert np.abs(small.train.images[0] - blocks).max() <= 0.5
    assert small.digest == large.digest
    (folder / "Annotations" / "006.xml").write_text(annotation([("bar", 1, 1, 9, 9)]))
    assert load(folder).digest != small.digest


def test_the_test_split_opens_with_a_certificate_only(folder):
    data = load(folder)
    with pytest.raises(TypeError, match="certificate"):
        data.test(True)
    with pytest.raises(Problem, match="3 of 4 steps"):
        data.test(Finished(3, 4))
    assert data.test(Finished(4, 4)).labels[1].tolist() == picture(6)[1]
    (folder / "Annotations" / "006.xml").write_text(annotation([("bar", 1, 1, 9, 9)]))
    with pytest.raises(Problem, match="test split changed"):
        data.test(Finished(4, 4))


def test_an_image_without_objects_has_no_boxes(folder):
    (folder / "Annotations" / "001.xml").write_text(annotation([]))
    pictures = load(folder).train
    assert (pictures.boxes[1].shape, pictures.labels[1].shape) == ((0, 4), (0,))


MENDED = {
    "reaches out": ([("bar", -5, 10, 20, 60)], [(0, 10 / 48, 20 / 64, 1)], "bar at -5 10 20 60 is clipped"),
    "no area": ([("bar", 9, 9, 9, 20), ("bar", 0, 0, 32, 24)], [(0, 0, 0.5, 0.5)], "9 9 9 20 has no area"),
    "turned": ([("square", 30, 9, 20, 20)], [], "square at 30 9 20 20 has no area"),
    "outside": ([("square", 70, 9, 90, 20)], [], "square at 70 9 90 20 has no area"),
}


@pytest.mark.parametrize("damage", MENDED)
def test_what_is_corrected_is_named_with_its_file(folder, damage):
    objects, boxes, words = MENDED[damage]
    (folder / "Annotations" / "001.xml").write_text(annotation(objects))
    pictures = load(folder).train
    assert np.allclose(pictures.boxes[1], np.reshape(boxes, (-1, 4)))
    assert len(pictures.labels[1]) == len(boxes)
    (line,) = pictures.corrected
    assert line.startswith("001.xml: ")
    assert words in line


def test_what_was_corrected_is_remarked_on_in_one_line(folder):
    assert load(folder).remark == ""
    for stem in ("000", "001", "003"):
        (folder / "Annotations" / f"{stem}.xml").write_text(annotation([("bar", 9, 9, 9, 20)] * 2))
    remark = load(folder).remark
    assert remark.startswith("annotations corrected: 000.xml: bar at 9 9 9 20 has no area")
    assert remark.count(".xml") == 3
    assert remark.endswith("; and 3 more")


@pytest.mark.parametrize("text", ["<annotation></annotation>", annotation([], (0, 0))])
def test_a_size_that_is_not_stated_is_the_images(folder, text):
    (folder / "Annotations" / "001.xml").write_text(text)
    (line,) = load(folder).train.corrected
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
    "no XML": ("hello", "is truncated or not XML"),
    "empty": ("", "is truncated or not XML"),
    "a document type": ('<!DOCTYPE a [<!ENTITY b "c">]>' + annotation([BAR]), "declares a document type"),
    "too large": (annotation([BAR]) + " " * (4 << 20), "larger than 4 MiB"),
}


@pytest.mark.parametrize("damage", REFUSED)
def test_what_is_refused_is_named_with_its_file(folder, damage):
    text, words = REFUSED[damage]
    (folder / "Annotations" / "001.xml").write_text(text)
    with pytest.raises(Problem) as raised:
        load(folder)
    message = str(raised.value)
    assert words in message
    assert "001.xml" in message
    assert "\n" not in message


def cut(path):
    path.write_bytes(path.read_bytes()[:-60])


FILES = {
    "cut image": ("JPEGImages/001.png", cut, "001.png is truncated or not an image"),
    "no image": ("JPEGImages/001.png", lambda path: path.write_text("hello"), "001.png is truncated or not an image"),
    "missing image": ("JPEGImages/001.png", lambda path: path.unlink(), "train.txt names 001, but"),
    "missing annotation": ("Annotations/001.xml", lambda path: path.unlink(), "001.xml does not exist"),
    "missing list": ("ImageSets/Main/val.txt", lambda path: path.unlink(), "val.txt does not exist"),
    "empty list": ("ImageSets/Main/val.txt", lambda path: path.write_text("\n"), "val.txt names no image"),
    "twice": ("ImageSets/Main/val.txt", lambda path: path.write_text("003\n003\n"), "names 003 more than once"),
    "in two splits": ("ImageSets/Main/val.txt", lambda path: path.write_text("000\n"), "000 is in both train.txt and"),
    "a path": ("ImageSets/Main/val.txt", lambda path: path.write_text("../003\n"), "not a plain file name"),
}


@pytest.mark.parametrize("damage", FILES)
def test_damaged_files_are_named(folder, damage):
    place, harm, words = FILES[damage]
    harm(folder / place)
    with pytest.raises(Problem) as raised:
        load(folder)
    assert words in str(raised.value)


def test_damage_in_the_test_split_shows_when_it_is_opened(folder):
    cut(folder / "JPEGImages" / "005.png")
    data = load(folder)
    with pytest.raises(Problem, match="005.png is truncated"):
        data.test(Finished(1, 1))


def test_grey_images_become_rgb(folder):
    Image.fromarray(picture(1)[0]).convert("L").save(folder / "JPEGImages" / "001.png")
    assert np.ptp(load(folder).train.images[1].astype(int), axis=-1).max() == 0
