"""A folder in the PASCAL VOC layout as a data set: its working size, what was corrected, its test split closed."""

import numpy as np
import pytest
from pictures import KINDS, annotation, picture, write_pictures

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


def test_what_was_corrected_is_remarked_on_in_one_line(folder):
    assert load(folder).remark == ""
    for stem in ("000", "001", "003"):
        (folder / "Annotations" / f"{stem}.xml").write_text(annotation([("bar", 9, 9, 9, 20)] * 2))
    remark = load(folder).remark
    assert remark.startswith("annotations corrected: 000.xml: bar at 9 9 9 20 has no area")
    assert remark.count(".xml") == 3
    assert remark.endswith("; and 3 more")


def cut(path):
    path.write_bytes(path.read_bytes()[:-60])


FILES = {
    "cut image": ("JPEGImages/001.png", cut, "001.png is truncated or not an image"),
    "missing annotation": ("Annotations/001.xml", lambda path: path.unlink(), "001.xml does not exist"),
    "missing list": ("ImageSets/Main/val.txt", lambda path: path.unlink(), "val.txt does not exist"),
    "in two splits": ("ImageSets/Main/val.txt", lambda path: path.write_text("000\n"), "000 is in both train.txt and"),
}


@pytest.mark.parametrize("damage", FILES)
def test_damaged_files_are_named(folder, damage):
    place, harm, words = FILES[damage]
    harm(folder / place)
    with pytest.raises(Problem) as raised:
        load(folder)
    assert words in str(raised.value)


def test_damage_in_the_test_split_is_found_before_a_training(folder):
    cut(folder / "JPEGImages" / "005.png")
    with pytest.raises(Problem, match="005.png is truncated"):
        load(folder)
