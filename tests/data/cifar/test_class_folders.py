"""Image files in a folder for each class: labels come from the names of the folders, not from their order."""

import shutil

import numpy as np
import pytest
from PIL import Image

from analysis.data.cifar import load_dataset, locate
from analysis.data.cifar.catalog import CATALOG
from analysis.data.cifar.class_folders import has_class_folders, list_images, marks, read_images
from analysis.data.finished import Finished
from analysis.problem import Problem

TEN = CATALOG["cifar10"].classes


@pytest.fixture
def folder(tmp_path):
    """Two training images and one test image of each class; all pixels of one have its label and its number."""
    for split, count in (("train", 2), ("test", 1)):
        for label, name in enumerate(TEN):
            place = tmp_path / "png" / split / name
            place.mkdir(parents=True)
            for number in range(count):
                Image.fromarray(np.full((32, 32, 3), label * 10 + number, np.uint8)).save(place / f"{number}.png")
    return tmp_path / "png"


def test_labels_are_those_of_the_names(folder):
    (folder / "train" / "airplane").rename(folder / "train" / "Plane")
    (folder / "train" / "truck" / "._0.png").write_bytes(b"x")
    (folder / "train" / "truck" / "notes.txt").write_text("x")
    (folder / "train" / ".DS_Store").write_text("x")
    (folder / "README.md").write_text("x")
    data = load_dataset("cifar10", folder)
    assert data.train_labels.tolist() == [label for label in range(10) for _ in range(2)]
    assert data.train_images[:, 5, 5, 1].tolist() == [label * 10 + n for label in range(10) for n in range(2)]
    images, labels = data.test(Finished(1, 1))
    assert (images[:, 0, 0, 0] // 10).tolist() == labels.tolist() == list(range(10))
    assert data.note == "partial: 20 + 10 images"
    assert locate("cifar10", folder) == f"{folder} (class folders)"


def test_jpeg_files_are_noted(folder):
    Image.fromarray(np.zeros((32, 32, 3), np.uint8)).save(folder / "train" / "cat" / "a.JPG", "JPEG")
    assert load_dataset("cifar10", folder).note.startswith("JPEG copy")


@pytest.mark.parametrize("inner", ["cifar10", "data", "cifar10/data"])
def test_usual_folders_around_it_are_searched(folder, tmp_path, inner):
    shutil.copytree(folder, tmp_path / "around" / inner)
    assert len(load_dataset("cifar10", tmp_path / "around").train_labels) == 20


WRONG = {
    "another class": (lambda f: (f / "train" / "cat").rename(f / "train" / "monkey"), "monkey is not called like a"),
    "no folder": (lambda f: shutil.rmtree(f / "test" / "cat"), "test lacks a folder for cat"),
    "empty": (
        lambda f: (f / "train" / "cat" / "1.png").unlink() or (f / "train" / "cat" / "0.png").unlink(),
        "cat has no",
    ),
    "two of one": (lambda f: shutil.copytree(f / "train" / "automobile", f / "train" / "car"), "are of one class"),
    "no test": (lambda f: shutil.rmtree(f / "test"), "test does not exist"),
    "larger": (
        lambda f: Image.fromarray(np.zeros((64, 64, 3), np.uint8)).save(f / "test" / "dog" / "0.png"),
        "0.png is 64 x 64 pixels, not 32 x 32",
    ),
    "text": (lambda f: (f / "test" / "dog" / "0.png").write_text("x"), "0.png cannot be decoded"),
}


@pytest.mark.parametrize("what", WRONG)
def test_what_is_refused_is_named(folder, what):
    harm, words = WRONG[what]
    harm(folder)
    with pytest.raises(Problem, match=words):
        load_dataset("cifar10", folder)


def test_a_changed_image_is_decoded_anew(folder):
    names = list_images(folder, "train", TEN)
    before, digest = marks(folder, names), load_dataset("cifar10", folder).digest
    Image.fromarray(np.full((32, 32, 3), 200, np.uint8)).save(folder / "train" / "cat" / "1.png")
    assert marks(folder, names) != before
    assert load_dataset("cifar10", folder).digest != digest
    assert read_images(folder, names, CATALOG["cifar10"]).images[7].max() == 200


def test_a_folder_of_other_things_has_none(tmp_path):
    assert not has_class_folders(tmp_path, TEN)
    (tmp_path / "train" / "0").mkdir(parents=True)
    assert not has_class_folders(tmp_path, TEN)
